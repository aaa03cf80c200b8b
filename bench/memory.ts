import { readdirSync, readFileSync } from 'node:fs';

/**
 * Memory in MiB of the server process and of the processes it started, the database: proportional set size, which
 * counts shared pages once over all of them. Linux only; undefined elsewhere.
 */
export function memoryOf(pid: number): { server: number; database: number } | undefined {
  try {
    const children = descendants(pid);
    return { server: pss(pid), database: children.map(pss).reduce((sum, value) => sum + value, 0) };
  } catch {
    return undefined;
  }
}

function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = parentOf(name);
      return parent === undefined ? [] : [{ pid: Number(name), parent }];
    });
  const below = (root: number): number[] =>
    parents.filter(({ parent }) => parent === root).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended since the listing.
    return undefined;
  }
}

function pss(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
}
