import type { Sql } from '../db.ts';

/** What PostgreSQL says of itself, for this session and role. */
export type ServerFacts = {
  versionNumber: number;
  isInRecovery: boolean;
  /** Names as in pg_settings, values in the unit that it gives (`8kB` for shared_buffers). */
  settings: Record<string, string>;
  databaseBytes: number;
  hasGist: boolean;
  /** The role may make tables in the schema of Punctual. */
  mayCreate: boolean;
  /** Tables that the role may not read and write, but for those of the trail. */
  closedTables: string[];
  /** The role could change or empty the audit trail. */
  couldChangeTrail: boolean;
  /** Replication slots, with the bytes of WAL that PostgreSQL keeps for them. */
  slots: { name: string; isActive: boolean; keptBytes: number }[];
  /** Prepared transactions older than an hour. */
  preparedTransactions: string[];
  /** Indexes that were never finished, so that nothing is held by them. */
  invalidIndexes: string[];
  /** Migrations that began and didn't end. */
  failedMigrations: string[];
  /** Entries of the trail that have waited for their seal for longer than ten minutes. */
  unsealedEntries: number;
};

export async function readServerFacts(sql: Sql): Promise<ServerFacts> {
  const [row] = await sql<ServerFacts>(READ_SERVER, [READ_SETTINGS, TRAIL]);
  return row!;
}

const READ_SETTINGS = [
  'autovacuum',
  'track_counts',
  'fsync',
  'full_page_writes',
  'synchronous_commit',
  'default_transaction_read_only',
  'shared_buffers',
  'max_wal_size',
  'max_connections',
  'superuser_reserved_connections',
  'lock_timeout',
  'idle_session_timeout',
  'server_encoding',
] as const;

const TRAIL = ['_prisma_migrations', 'audit_entry', 'audit_seal', 'audit_head', 'audit_pending'];

const READ_SERVER = `
SELECT current_setting('server_version_num')::int AS "versionNumber", pg_is_in_recovery() AS "isInRecovery",
       (SELECT jsonb_object_agg(name, setting) FROM pg_settings WHERE name = ANY ($1::text[])) AS settings,
       pg_database_size(current_database())::bigint AS "databaseBytes",
       EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist') AS "hasGist",
       has_schema_privilege(current_schema(), 'CREATE') AS "mayCreate",
       coalesce((SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
           AND c.relname <> ALL ($2::text[])
           AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
                    AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))), '{}') AS "closedTables",
       coalesce((SELECT bool_or(pg_has_role(c.relowner, 'MEMBER') OR has_table_privilege(c.oid, 'UPDATE')
                                OR has_table_privilege(c.oid, 'DELETE') OR has_table_privilege(c.oid, 'TRUNCATE'))
                   FROM pg_class c WHERE c.oid IN (to_regclass('audit_entry'), to_regclass('audit_seal'))), false) AS "couldChangeTrail",
       coalesce((SELECT jsonb_agg(jsonb_build_object('name', slot_name, 'isActive', active, 'keptBytes',
                          coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                                        ELSE pg_current_wal_lsn() END, restart_lsn), 0)))
                   FROM pg_replication_slots), '[]') AS slots,
       coalesce((SELECT array_agg(gid) FROM pg_prepared_xacts
                  WHERE database = current_database() AND prepared < now() - interval '1 hour'), '{}') AS "preparedTransactions",
       coalesce((SELECT array_agg(i.indexrelid::regclass::text) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                  WHERE c.relnamespace = current_schema()::regnamespace AND NOT i.indisvalid AND c.relkind = 'i'), '{}') AS "invalidIndexes",
       coalesce((SELECT array_agg(migration_name) FROM _prisma_migrations
                  WHERE finished_at IS NULL AND rolled_back_at IS NULL), '{}') AS "failedMigrations",
       (SELECT count(*) FROM audit_pending p JOIN audit_entry e ON e.id = p.entry_id
         WHERE e.at < now() - interval '10 minutes')::int AS "unsealedEntries"`;
