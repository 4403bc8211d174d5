/** Settings of the embedded server, given on its command line so that the data directory stays as initdb made it. */
export function serverSettings(port: number): Record<string, string> {
  return {
    cluster_name: 'orrery',
    listen_addresses: '127.0.0.1',
    port: String(port),
    // Sockets have a 107-byte path limit and are not needed: everything connects over loopback.
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    // Durability is what the project proves: never traded for speed.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // After a crash each file is synced one by one before the redo: 2.5 s for a dozen databases, against 0.05 s.
    ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
    // Sized for a dozen small services on a laptop.
    max_connections: '120',
    shared_buffers: '32MB',
    work_mem: '4MB',
    maintenance_work_mem: '32MB',
    max_wal_size: '256MB',
    min_wal_size: '32MB',
    // No replicas, no backups: less WAL for the same durability.
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_worker_processes: '2',
    max_parallel_workers: '0',
    max_parallel_workers_per_gather: '0',
    io_method: 'sync',
    autovacuum_max_workers: '1',
    jit: 'off',
    huge_pages: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] %q%u@%d ',
  };
}

/** The same as arguments of `postgres`. */
export function serverArguments(data: string, port: number): string[] {
  return ['-D', data, ...Object.entries(serverSettings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
