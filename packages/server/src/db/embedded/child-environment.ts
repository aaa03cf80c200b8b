/**
 * What every child process gets as its environment: nothing of the person's settings (PG…, LC_…, LD_…) drifts into
 * the database, only what a shell needs to find `kill` and `sleep`.
 */
export const CHILD_ENVIRONMENT = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
