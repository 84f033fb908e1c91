import type { Sql } from '#core/db.ts';

/** What counts tries, and when a session was last seen, is no change that a person makes; the trail is looked at itself. */
const UNSEEN = new Set(['rate_limit', 'session', 'audit_entry', 'audit_pending', 'audit_head']);

/** A sum of each table's rows, to see whether anything changed. */
export async function everything(sql: Sql): Promise<Map<string, string>> {
  const tables = await sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
  );
  const seen = tables.map(({ name }) => name).filter((name) => !UNSEEN.has(name));
  const sums = await sql<{ name: string; sum: string }>(
    seen
      .map(
        (name) =>
          `SELECT '${name}' AS name, count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0)::text AS sum
             FROM "${name}" t`,
      )
      .join(' UNION ALL '),
  );
  return new Map(sums.map(({ name, sum }) => [name, sum]));
}

/** The tables that differ. */
export const differing = (
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): string[] => [...other].filter(([name, sum]) => one.get(name) !== sum).map(([name]) => name);
