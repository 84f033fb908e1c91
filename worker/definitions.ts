import type pg from 'pg';
import { once, type Sql, sqlOf } from '#core/db.ts';
import { JobDefinition } from '#core/jobs/definition.ts';
import { readRevisions } from '#core/jobs/revisions.sql.ts';

export type RevisionRef = { jobId: number; revision: number };

/** A revision's definition, or why there is none to work with. */
export type Definition = { ok: true; value: JobDefinition } | { ok: false; problem: string };

type Kept = { definition: Definition; /** As JSON, in characters. */ length: number };

export type Definitions = {
  /** In the order of the references; one statement for those that aren't known yet. */
  load(revisions: readonly RevisionRef[], sql?: Sql): Promise<Definition[]>;
  /** Whether it is kept. */
  knows(revision: RevisionRef): boolean;
};

export const MOST_KEPT = 10_000;
/** As JSON; parsed they take about three times as much. A script may be long. */
const MOST_KEPT_CHARACTERS = 16_000_000;

/** Revisions never change, so what was read once holds; the ones not asked for longest go first. */
export function createDefinitions({ pool }: { pool: pg.Pool }): Definitions {
  const kept = new Map<string, Kept>();
  let characters = 0;
  return { load, knows: (ref) => kept.has(nameOf(ref)) };

  async function load(revisions: readonly RevisionRef[], sql = sqlOf(pool)): Promise<Definition[]> {
    const names = revisions.map(nameOf);
    const found = new Map(names.map((name) => [name, kept.get(name)]));
    const missing = revisions.filter((_, index) => found.get(names[index]!) === undefined);
    if (missing.length > 0) {
      const rows = await once(() => readRevisions(sql, missing));
      for (const { jobId, number: revision, definition } of rows) {
        const { length } = JSON.stringify(definition);
        found.set(nameOf({ jobId, revision }), { definition: parse(definition), length });
      }
    }
    for (const [name, one] of found) if (one) keep(name, one);
    return revisions.map(
      (ref, index) => found.get(names[index]!)?.definition ?? missingDefinition(ref),
    );
  }

  function keep(name: string, one: Kept): void {
    drop(name);
    kept.set(name, one);
    characters += one.length;
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST_KEPT && characters <= MOST_KEPT_CHARACTERS) break;
      drop(oldest);
    }
  }

  function drop(name: string): void {
    characters -= kept.get(name)?.length ?? 0;
    kept.delete(name);
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
