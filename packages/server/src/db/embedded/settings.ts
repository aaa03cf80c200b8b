/** PostgreSQL names its socket after a port, also when it listens on none. */
export const PORT = 5432;

/** The role that owns everything, and the database of the server. */
export const ROLE = 'beseda';
export const DATABASE = 'beseda';

/**
 * What each connection asks for when it is made. That alone wins over ALTER DATABASE and ALTER ROLE … SET, which win
 * over the command line; of what keeps data safe, they can set this and nothing else.
 */
export const CONNECTION_OPTIONS = '-c synchronous_commit=on';

/**
 * The settings of the embedded PostgreSQL, as command-line arguments: those win over postgresql.conf and over ALTER
 * SYSTEM, so none of what keeps data safe can be turned off by a file in the folder. What can be set for a database or
 * a role is told again by each connection (`CONNECTION_OPTIONS`).
 *
 * @param socketFolder - absolute, or relative to the cluster folder
 */
export function serverArguments(socketFolder: string): string[] {
  const settings: Record<string, string> = {
    // Nobody but this machine's user has business here: no TCP at all, and a socket only its owner may open.
    listen_addresses: '',
    port: String(PORT),
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',

    // What a commit promised stands after a power cut.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',

    // A small machine shares its memory with Node; the kernel's cache does the rest. Large pages buy nothing at this
    // size and crash where a container reserves them without backing.
    shared_buffers: '64MB',
    huge_pages: 'off',
    // Room for a pool, its listeners and a few commands next to the server; every connection costs a process.
    max_connections: '50',
    // Chat pages sort little; 50 connections x 4 MB stays bearable even when all sort at once.
    work_mem: '4MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',

    // Queries here are short and indexed: compiling them and splitting them over processes costs more than it gains,
    // and parallel workers need /dev/shm, which is 64 MB in a container.
    jit: 'off',
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    // Saves three standing reader processes; the working set of a chat is in memory.
    io_method: 'sync',

    // There is no standby and no archive to feed, and minimal WAL writes the least.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_logical_replication_workers: '0',
    // Bounds the disk used and the time a crash recovery takes.
    max_wal_size: '256MB',
    min_wal_size: '80MB',

    // Dead rows and wrapped transaction numbers have nobody else to look after them.
    autovacuum: 'on',

    // Times come out the same on every machine.
    timezone: 'UTC',
    log_timezone: 'UTC',

    // The log goes where stderr goes. Statements and the DETAIL of errors hold what people wrote: not into a log.
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
