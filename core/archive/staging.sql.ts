import type { Sql } from '../db.ts';
import type { Content } from './manifest.ts';
import { MONTH_CONTENTS, PARENT, tableOf } from './rows.sql.ts';

/** Of a month that is being brought back, until all of it is there. */
const stagingOf = (content: Content, month: string) => `restoring_${tableOf(content, month)}`;

/** What a restore that was cut off has left. Nobody may be restoring meanwhile. */
export async function dropStagingTables(sql: Sql): Promise<void> {
  const tables = await sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relname ~ '^restoring_(run_done|attempt|log_chunk)_[0-9]{4}_[0-9]{2}$' AND relkind = 'r'
        AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'run'::regclass)`,
  );
  for (const { name } of tables) await sql(`DROP TABLE IF EXISTS ${name}`);
}

/** Empty tables like those of the month, with a CHECK that spares the attaching a look at every row. */
export async function makeStagingTables(sql: Sql, month: string): Promise<void> {
  for (const content of MONTH_CONTENTS) {
    const [name, parent] = [stagingOf(content, month), PARENT[content]];
    await sql(`CREATE TABLE ${name} (LIKE ${parent} INCLUDING ALL)`);
    const isDone = content === 'runs' ? ' AND is_live IS NOT NULL AND is_live = false' : '';
    await sql(
      `ALTER TABLE ${name} ADD CONSTRAINT ${name}_month CHECK (
         scheduled_for IS NOT NULL AND scheduled_for >= '${month}-01T00:00:00Z'::timestamptz
         AND scheduled_for < '${nextMonth(month)}-01T00:00:00Z'::timestamptz${isDone})`,
    );
  }
}

/**
 * Rows of an archive into the table that is being filled, or gaps among the others; a gap that is there stays.
 * @param columns those that the archive has; others get their defaults
 */
export async function insertRows(
  sql: Sql,
  content: Content,
  month: string,
  columns: readonly string[],
  lines: readonly string[],
): Promise<void> {
  const listed = columns.map((name) => `"${name}"`).join(', ');
  const table = content === 'gaps' ? 'gap' : stagingOf(content, month);
  await sql(
    `INSERT INTO ${table} (${listed}) SELECT ${listed} FROM json_populate_recordset(NULL::${PARENT[content]}, $1::text::json)
     ${content === 'gaps' ? 'ON CONFLICT DO NOTHING' : ''}`,
    [`[${lines.join(',')}]`],
  );
}

export async function countStaged(
  sql: Sql,
  month: string,
): Promise<Record<(typeof MONTH_CONTENTS)[number], number>> {
  const [row] = await sql<Record<(typeof MONTH_CONTENTS)[number], number>>(
    `SELECT (SELECT count(*) FROM ${stagingOf('runs', month)}) AS runs,
            (SELECT count(*) FROM ${stagingOf('attempts', month)}) AS attempts,
            (SELECT count(*) FROM ${stagingOf('logs', month)}) AS logs`,
  );
  return row!;
}

/** Statistics, before anybody plans with the month. */
export async function analyzeStaged(sql: Sql, month: string): Promise<void> {
  for (const content of MONTH_CONTENTS) await sql(`ANALYZE ${stagingOf(content, month)}`);
}

/** The month is part of the ledger again; the transaction makes it so at once. Attaching waits for no reader or writer. */
export async function attachStaged(sql: Sql, month: string): Promise<void> {
  for (const content of MONTH_CONTENTS) {
    const [staging, name] = [stagingOf(content, month), tableOf(content, month)];
    await sql(`ALTER TABLE ${staging} RENAME TO ${name}`);
    await sql(
      `ALTER TABLE ${PARENT[content]} ATTACH PARTITION ${name}
         FOR VALUES FROM ('${month}-01T00:00:00Z') TO ('${nextMonth(month)}-01T00:00:00Z')`,
    );
    await sql(`ALTER TABLE ${name} DROP CONSTRAINT ${staging}_month`);
  }
}

export function nextMonth(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}

/** Its tables, attached or not: a month that is there can't be brought back. */
export async function isMonthThere(sql: Sql, month: string): Promise<boolean> {
  const [row] = await sql<{ there: boolean }>('SELECT to_regclass($1::text) IS NOT NULL AS there', [
    tableOf('runs', month),
  ]);
  return row!.there;
}

export async function setRestored(
  sql: Sql,
  month: string,
  by: string,
  days: number,
): Promise<Date> {
  const [row] = await sql<{ until: Date }>(
    `UPDATE history_month SET restored_at = now(), restored_by = $2::text, restored_until = now() + make_interval(days => $3::int)
      WHERE month = $1::date RETURNING restored_until AS until`,
    [`${month}-01`, by, days],
  );
  return row!.until;
}
