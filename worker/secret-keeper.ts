import type pg from 'pg';
import type { Logger } from 'pino';
import { mayPass } from '#core/database-away.ts';
import { once, sqlOf } from '#core/db.ts';
import type { JobDefinition } from '#core/jobs/definition.ts';
import { secretsOf } from '#core/jobs/secret-uses.ts';
import { keyIds, keyRingOf, open } from '#core/secrets/key-ring.ts';
import { mayUse } from '#core/secrets/may-use.ts';
import { readJobsBeyond, readSecretRows } from '#core/secrets/secrets.sql.ts';
import type { Duty } from './duty.ts';

/** What a job's texts get; `waits`: another worker, or this one with another key, may have them. */
export type GivenSecrets =
  | { ok: true; values: Readonly<Record<string, string>> }
  | { ok: false; problem: string; waits: boolean };

export type SecretKeeper = {
  /** Of the keys that this worker has. */
  keyIds: readonly string[];
  /** Looks which jobs use secrets that this worker can't open. */
  duty: Duty;
  /** Those: their runs aren't for this worker. */
  jobsBeyond(): readonly number[];
  /** Opens what a job uses, at the start of each attempt. */
  load(jobId: number, definition: JobDefinition): Promise<GivenSecrets>;
};

// The lookout wakes it when there is something to do.
const REST_MS = 120_000;
/** So soon it is noticed that they open all there are again. */
const BEYOND_MS = 5_000;
/** Definitions are kept from run to run. */
const namesByDefinition = new WeakMap<JobDefinition, readonly string[]>();
const NONE: GivenSecrets = { ok: true, values: {} };

/** Values are opened for one attempt and kept nowhere. */
export function createSecretKeeper({
  pool,
  logger,
  configured,
}: {
  pool: pg.Pool;
  logger: Logger;
  /** PUNCTUAL_SECRET_KEY. */
  configured: string | undefined;
}): SecretKeeper {
  const sql = sqlOf(pool);
  const keys = keyRingOf(configured);
  const own = keyIds(keys);
  let beyond = new Set<number>();
  return {
    keyIds: own,
    duty: { name: 'secret-keeper', intervalMs: REST_MS, runOnce },
    jobsBeyond: () => [...beyond],
    load,
  };

  async function runOnce() {
    const found = new Set(await once(() => readJobsBeyond(sql, own)));
    if (found.size > 0 && beyond.size === 0) {
      logger.warn(
        { jobs: found.size },
        'jobs use secrets that PUNCTUAL_SECRET_KEY of this worker does not open; it leaves their runs alone',
      );
    }
    beyond = found;
    return { counts: { beyond: found.size }, nextInMs: found.size > 0 ? BEYOND_MS : REST_MS };
  }

  async function load(jobId: number, definition: JobDefinition): Promise<GivenSecrets> {
    const names = namesIn(definition);
    if (names.length === 0) return NONE;
    let rows;
    try {
      rows = await once(() => readSecretRows(sql, names));
    } catch (error) {
      logger.error({ err: error }, 'secrets could not be read');
      return {
        ok: false,
        waits: mayPass(error),
        problem: 'its secrets could not be read from the database',
      };
    }
    const known = new Map(rows.map((row) => [row.name, row]));
    const values: Record<string, string> = {};
    for (const name of names) {
      const row = known.get(name);
      if (!row) return { ok: false, waits: false, problem: GONE(name) };
      if (!mayUse(row, definition)) return { ok: false, waits: false, problem: NOT_ITS_OWN(name) };
      const opened = open(keys, name, row);
      if (!opened.ok && opened.reason === 'other_key') {
        beyond.add(jobId);
        return { ok: false, waits: true, problem: '' };
      }
      if (!opened.ok) return { ok: false, waits: false, problem: CHANGED(name) };
      values[name] = opened.value;
    }
    return { ok: true, values };
  }
}

function namesIn(definition: JobDefinition): readonly string[] {
  const names = namesByDefinition.get(definition) ?? secretsOf(definition.work);
  namesByDefinition.set(definition, names);
  return names;
}

const GONE = (name: string) =>
  `the secret ${name} isn’t there any more. An admin can add it in Settings → Secrets.`;
const NOT_ITS_OWN = (name: string) =>
  `this job may not use the secret ${name} any more: it is limited to other jobs.`;
const CHANGED = (name: string) =>
  `the secret ${name} was changed in the database by something else than Punctual. Give its value anew in Settings → Secrets.`;
