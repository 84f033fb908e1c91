import type { Sql } from '../db.ts';

// Sign-ins, their tries and their links are for the moment: who restores signs in anew. What waits to be sealed follows from
// the trail itself. How late ticks started, and how large the database was, is another installation's.
const LEFT_OUT = [
  '_prisma_migrations',
  'session',
  'verification',
  'rate_limit',
  'audit_pending',
  'start_lag',
  'database_size',
];

export type TableToKeep = { name: string; columns: string[] };

/** Every table whose rows are kept, partitioned ones whole, those that others refer to first. */
export async function tablesToKeep(sql: Sql): Promise<TableToKeep[]> {
  const tables = await sql<TableToKeep & { refersTo: string[] }>(TABLES, [LEFT_OUT]);
  const sorted: TableToKeep[] = [];
  const left = new Map(tables.map((table) => [table.name, table]));
  while (left.size > 0) {
    const next = [...left.values()].find(
      ({ refersTo }) => !refersTo.some((name) => left.has(name)),
    );
    // No schema of ours has a circle of references; a test would meet it.
    if (!next) throw new Error(`Tables refer to each other: ${[...left.keys()].join(', ')}.`);
    left.delete(next.name);
    sorted.push({ name: next.name, columns: next.columns });
  }
  return sorted;
}

const TABLES = `
SELECT c.relname AS name,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
       coalesce((SELECT array_agg(DISTINCT other.relname::text) FROM pg_constraint f
                  JOIN pg_class other ON other.oid = f.confrelid
                 WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.confrelid <> c.oid), '{}') AS "refersTo"
  FROM pg_class c
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND c.relname <> ALL ($1::text[])
   -- A month on its way out of the ledger, or back into it.
   AND c.relname !~ '^(restoring_)?(run_done|attempt|log_chunk)_[0-9]{4}_[0-9]{2}$'
 ORDER BY c.relname`;

/** The months that history has partitions for, as `2026-11-01`. */
export async function monthsOfHistory(sql: Sql): Promise<string[]> {
  const rows = await sql<{ month: string }>(MONTHS);
  return rows.map(({ month }) => month);
}

const MONTHS = `
SELECT replace(substring(inhrelid::regclass::text from '\\d{4}_\\d{2}'), '_', '-') || '-01' AS month
  FROM pg_inherits WHERE inhparent = 'run_done'::regclass ORDER BY 1`;

export async function sequencesOf(sql: Sql): Promise<{ name: string; last: number | null }[]> {
  return sql(`SELECT sequencename AS name, last_value AS last FROM pg_sequences
               WHERE schemaname = current_schema() ORDER BY 1`);
}

export async function appliedMigrations(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
      WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** The triggers that keep the trail from being emptied, where there are any yet. */
export async function guardsOfTrail(sql: Sql): Promise<{ table: string; trigger: string }[]> {
  return sql(`SELECT c.relname AS table, t.tgname AS trigger FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
               WHERE t.tgfoid = to_regproc('audit_stands') AND NOT t.tgisinternal ORDER BY 1`);
}

/** What a restore must not write over. */
export async function whatIsThere(
  sql: Sql,
): Promise<{ jobs: number; people: number; workers: number }> {
  const [row] = await sql<{ jobs: number; people: number; workers: number }>(
    `SELECT (SELECT count(*) FROM job) AS jobs, (SELECT count(*) FROM "user") AS people,
            (SELECT count(*) FROM worker WHERE ended_at IS NULL AND lease_until > now()) AS workers`,
  );
  return row!;
}
