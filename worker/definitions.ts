import type pg from 'pg';
import { once, type Sql, sqlOf } from '#core/db.ts';
import { JobDefinition } from '#core/jobs/definition.ts';
import { readRevisions } from '#core/jobs/revisions.sql.ts';

export type RevisionRef = { jobId: number; revision: number };

/** A revision's definition, or why there is none to work with. */
export type Definition = { ok: true; value: JobDefinition } | { ok: false; problem: string };

export type Definitions = {
  /** In the order of the references; one statement for those that aren't known yet. */
  load(revisions: readonly RevisionRef[], sql?: Sql): Promise<Definition[]>;
};

/** Some 3 kB each. */
export const MOST_KEPT = 10_000;

/** Revisions never change, so what was read once holds; the ones not asked for longest go first. */
export function createDefinitions({
  pool,
  mostKept = MOST_KEPT,
}: {
  pool: pg.Pool;
  mostKept?: number;
}): Definitions {
  const kept = new Map<string, Definition>();
  return { load };

  async function load(revisions: readonly RevisionRef[], sql = sqlOf(pool)): Promise<Definition[]> {
    const found = new Map(revisions.map((ref) => [nameOf(ref), kept.get(nameOf(ref))]));
    const missing = revisions.filter((ref) => found.get(nameOf(ref)) === undefined);
    if (missing.length > 0) {
      const rows = await once(() => readRevisions(sql, missing));
      for (const row of rows) {
        found.set(nameOf({ jobId: row.jobId, revision: row.number }), parse(row.definition));
      }
    }
    for (const [name, definition] of found) if (definition) keep(name, definition);
    return revisions.map((ref) => found.get(nameOf(ref)) ?? missingDefinition(ref));
  }

  function keep(name: string, definition: Definition): void {
    kept.delete(name);
    kept.set(name, definition);
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
  }
}

const nameOf = ({ jobId, revision }: RevisionRef) => `${jobId}.${revision}`;

function parse(stored: unknown): Definition {
  const parsed = JobDefinition.safeParse(stored);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  return {
    ok: false,
    problem: `the job’s definition can’t be used by this version of Punctual (${where}: ${issue?.message ?? 'unknown'})`,
  };
}

const missingDefinition = ({ revision }: RevisionRef): Definition => ({
  ok: false,
  problem: `revision ${revision} of the job doesn’t exist`,
});
