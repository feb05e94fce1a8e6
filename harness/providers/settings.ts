/**
 * How throwaway PostgreSQL servers are set up. The same for every provider that starts one, so that verdicts do not depend on it.
 */

/** The superuser and the first database of every server that a provider starts. */
export const SUPERUSER = 'postgres';

/** The majors that can be asked for. */
export const SUPPORTED_MAJORS = ['14', '15', '16', '17', '18'] as const;
export type PostgresMajor = (typeof SUPPORTED_MAJORS)[number];

/** The major whose binaries are installed with the package. */
export const DEFAULT_MAJOR: PostgresMajor = '17';

/**
 * Settings that trade durability, which a throwaway server does not need, for speed, and pin what would differ between machines.
 * `wal_level=logical` accepts everything that the lower levels do, and replication slots besides.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'logical',
  max_wal_senders: '4',
  max_logical_replication_workers: '0',
  min_wal_size: '32MB',
  max_wal_size: '512MB',
  checkpoint_timeout: '1h',
  max_connections: '100',
  max_locks_per_transaction: '256',
  shared_buffers: '128MB',
  huge_pages: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The harness provokes errors by the thousand; the log, which may lie in memory, keeps what the server says of itself.
  log_min_messages: 'log',
  // Segments as files of the data folder: a server that is killed leaves none in /dev/shm.
  dynamic_shared_memory_type: 'mmap',
};

/** Command-line flags of the server. */
export function serverFlags(extra: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({ ...SETTINGS, ...extra }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * Flags for `initdb`: UTF-8, text ordered by code point. From 17 on by the provider built into the server, the same on every machine;
 * before, by the operating system's C.UTF-8. Write-ahead log in segments of 1 MB keeps an empty server small.
 */
export function initFlags(major: PostgresMajor): string[] {
  const provider = major === '17' || major === '18' ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  // As for the server; 14 and 15 cannot be told.
  const memory = major === '14' || major === '15' ? [] : ['--set=dynamic_shared_memory_type=mmap'];
  return ['--encoding=UTF8', '--locale=C.UTF-8', ...provider, ...memory, '--no-sync', '--wal-segsize=1'];
}
