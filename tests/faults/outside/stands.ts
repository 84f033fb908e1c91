// What stands in the database, read by plain statements of our own.
import type pg from 'pg';

export type StandingRun = {
  id: number;
  job: string;
  trigger: string;
  /** The tick, or the time of the request, epoch ms. */
  at: number;
  /** The tick that it stands for, where it makes up for one or tries it again; else as `at`. */
  standsFor: number;
  state: string;
  attempt: number;
  cause: string | null;
};

export type StandingAttempt = { run: number; number: number; outcome: string };
export type StandingGap = { job: string; from: number; until: number; reason: string };

/** The part of a log that one statement stored. */
export type StandingChunk = { run: number; seq: number; attempt: number; body: string };

/** From when on a job's schedule was an interval of so much; null: none. */
export type StandingRevision = { job: string; savedAt: number; everyMs: number | null };

export type Standing = {
  /** The database's clock when it was read, epoch ms. */
  now: number;
  runs: StandingRun[];
  attempts: StandingAttempt[];
  gaps: StandingGap[];
  chunks: StandingChunk[];
  revisions: StandingRevision[];
};

/** Ledger, attempts and gaps of the jobs named, and all logs, as one transaction sees them. */
export async function readStanding(pool: pg.Pool, jobs: readonly string[]): Promise<Standing> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const now = await client.query<{ now: string }>(
      'SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now',
    );
    const runs = await client.query<Texts<StandingRun>>(
      `SELECT r.id, j.key AS job, r.trigger, extract(epoch FROM r.scheduled_for) * 1000 AS at,
              extract(epoch FROM coalesce(r.for_tick, r.scheduled_for)) * 1000 AS "standsFor", r.state, r.attempt, r.cause
         FROM run r JOIN job j ON j.id = r.job_id WHERE j.key = ANY ($1) ORDER BY r.scheduled_for, r.id`,
      [jobs],
    );
    const attempts = await client.query<Texts<StandingAttempt>>(
      `SELECT a.run_id AS run, a.number, a.outcome FROM attempt a JOIN run r ON r.id = a.run_id
         JOIN job j ON j.id = r.job_id WHERE j.key = ANY ($1)`,
      [jobs],
    );
    const gaps = await client.query<Texts<StandingGap>>(
      `SELECT j.key AS job, g.reason, extract(epoch FROM lower(g.span)) * 1000 AS "from",
              coalesce(extract(epoch FROM upper(g.span)) * 1000, 'Infinity') AS until
         FROM gap g JOIN job j ON j.id = g.job_id WHERE j.key = ANY ($1)`,
      [jobs],
    );
    const chunks = await client.query<Texts<StandingChunk>>(
      'SELECT run_id AS run, seq, attempt, body FROM log_chunk ORDER BY run_id, seq',
    );
    const revisions = await client.query<Texts<StandingRevision>>(
      `SELECT j.key AS job, extract(epoch FROM v.created_at) * 1000 AS "savedAt",
              (v.definition -> 'schedule' ->> 'everyMs')::int AS "everyMs"
         FROM revision v JOIN job j ON j.id = v.job_id WHERE j.key = ANY ($1) ORDER BY v.job_id, v.number`,
      [jobs],
    );
    return {
      revisions: revisions.rows.map((row) => ({
        ...row,
        savedAt: Number(row.savedAt),
      })),
      now: Number(now.rows[0]!.now),
      runs: runs.rows.map((row) => ({
        ...row,
        id: Number(row.id),
        at: Number(row.at),
        standsFor: Number(row.standsFor),
        attempt: Number(row.attempt),
      })),
      attempts: attempts.rows.map((row) => ({
        ...row,
        run: Number(row.run),
        number: Number(row.number),
      })),
      gaps: gaps.rows.map((row) => ({
        ...row,
        from: Number(row.from),
        until: Number(row.until),
      })),
      chunks: chunks.rows.map((row) => ({
        ...row,
        run: Number(row.run),
        seq: Number(row.seq),
        attempt: Number(row.attempt),
      })),
    };
  } finally {
    await client.query('ROLLBACK').catch(() => {});
    client.release();
  }
}

/** Drivers may give numbers as text. */
type Texts<T> = { [K in keyof T]: T[K] extends number ? number | string : T[K] };
