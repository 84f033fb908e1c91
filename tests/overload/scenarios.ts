// What floods the installation. Each is bounded in number, and stays on loopback.
import { setTimeout as pause } from 'node:timers/promises';
import { sealChannel } from '#core/channels/sealing.ts';
import { keyRingOf } from '#core/secrets/key-ring.ts';
import { SECRET_KEY } from '../e2e/installation.ts';
import type { TestJob } from '../support/jobs.ts';
import type { Stage } from './stage.ts';

export type Scenario = {
  title: string;
  /** Makes what is to be flooded, before anything is measured. */
  prepare(stage: Stage): Promise<Flood>;
};

export type Flood = {
  /** Lets it loose. */
  begin(): Promise<void>;
  /** A run whose page readers look at meanwhile. */
  runId?: () => Promise<number | null>;
  /** So many readers do nothing but follow the log of that run. */
  followers?: number;
  /** What became of it so far, for the table. */
  outcome(): Promise<string>;
};

export const SCENARIOS = {
  'due-at-once': { title: '100,000 ticks due at once', prepare: dueAtOnce },
  'flooded-queue': { title: 'a million runs waiting in a queue', prepare: floodedQueue },
  'one-job-floods': {
    title: 'a million runs of one job that runs one at a time',
    prepare: oneJobFloods,
  },
  'failing-at-once': { title: '200 jobs that fail at once, over and over', prepare: failingAtOnce },
  'flood-of-log': { title: 'runs that log 1 GB, with ten readers', prepare: floodOfLog },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

const CROWD_JOBS = 1_000;
const MILLION = 1_000_000;
// As ticks are planned and backfills are fed: never all in one transaction.
const BATCH = 10_000;
const PLANNED_AHEAD_MS = 20_000;

async function dueAtOnce(stage: Stage): Promise<Flood> {
  const jobs = await jobsThatAsk(stage, CROWD_JOBS);
  return {
    begin: () => addTicksAhead(stage, jobs, 100_000),
    outcome: () => ended(stage),
  };
}

async function floodedQueue(stage: Stage): Promise<Flood> {
  const jobs = await jobsThatAsk(stage, CROWD_JOBS);
  return { begin: () => addRuns(stage, jobs, MILLION), outcome: () => ended(stage) };
}

async function oneJobFloods(stage: Stage): Promise<Flood> {
  const job = await stage.job({
    key: 'one-at-a-time',
    overlap: 'queue_all',
    work: { kind: 'http', url: `${stage.endpoint.origin}/one` },
  });
  return { begin: () => addRuns(stage, [job], MILLION), outcome: () => ended(stage) };
}

/** Each fails every 15 s at the same moment, is tried again once, opens an incident, and a channel is told of it. */
async function failingAtOnce(stage: Stage): Promise<Flood> {
  const { db } = stage.installation;
  await tellChannel(stage);
  const jobs: TestJob[] = [];
  for (let n = 0; n < 200; n++) {
    jobs.push(
      await stage.job({
        key: `failing-${n}`,
        overlap: 'allow',
        work: { kind: 'script', text: 'echo "no space left on device" >&2; exit 3' },
        retry: { backoff: 'fixed', maxAttempts: 2, delayMs: 1_000 },
      }),
    );
  }
  let isOver = false;
  return {
    begin: async () => {
      const again = async () => {
        for (let round = 0; round < 20 && !isOver; round++) {
          await addRuns(stage, jobs, jobs.length).catch(() => {
            isOver = true;
          });
          await pause(15_000);
        }
      };
      void again();
    },
    outcome: async () => {
      isOver = true;
      const [row] = await db.sql<{ incidents: number; failed: number }>(
        `SELECT (SELECT count(*) FROM incident)::int AS incidents,
                (SELECT count(*) FROM run r WHERE NOT r.is_live AND r.queue = 'crowd' AND r.state = 'failed')::int AS failed`,
      );
      const told = stage.endpoint.answered().toLocaleString('en');
      return `${row!.failed.toLocaleString('en')} failures in ${row!.incidents} incidents, told of in ${told} messages`;
    },
  };
}

/** A web hook on the endpoint is told of everything. */
async function tellChannel({ installation, endpoint }: Stage): Promise<void> {
  const { keyId, sealed } = sealChannel(keyRingOf(SECRET_KEY), 'pager', {
    url: `${endpoint.origin}/message`,
    secret: '',
    headers: {},
  });
  const settings = {
    kind: 'webhook',
    method: 'POST',
    headerNames: [],
    contentType: 'application/json',
    body: '',
    isGrouped: true,
    hasSecret: false,
  };
  await installation.db.sql(
    `INSERT INTO channel (key, kind, settings, key_id, sealed, host, created_by)
     VALUES ('pager', 'webhook', $1::text::jsonb, $2::text, $3::bytea, '', 'Test')`,
    [JSON.stringify(settings), keyId, sealed],
  );
  const rule = { on: ['failed', 'lost', 'missed', 'recovered'], remindHours: null };
  await installation.db.sql('UPDATE installation SET message_rule = $1::text::jsonb', [
    JSON.stringify({ ...rule, channels: ['pager'] }),
  ]);
}

async function floodOfLog(stage: Stage): Promise<Flood> {
  const { db } = stage.installation;
  const job = await stage.job({
    key: 'talks-a-lot',
    overlap: 'queue_all',
    logLimitBytes: 100_000_000,
    work: {
      kind: 'script',
      text: 'yes "a line of some length, said over and over again" | head -c 1000000000; echo; echo "the end"',
    },
  });
  return {
    begin: () => addRuns(stage, [job], 20),
    runId: async () => {
      const [run] = await db.sql<{ id: number }>(
        `SELECT id FROM run_live WHERE job_id = $1::int AND state = 'running'`,
        [job.id],
      );
      return run?.id ?? null;
    },
    followers: 10,
    outcome: async () => {
      const [row] = await db.sql<{ ended: number; bytes: number }>(
        `SELECT (SELECT count(*) FROM run WHERE NOT is_live AND job_id = $1::int)::int AS ended,
                (SELECT coalesce(sum(octet_length(c.body)), 0)::float8 FROM log_chunk c JOIN run r ON r.id = c.run_id
                  WHERE r.job_id = $1::int) AS bytes`,
        [job.id],
      );
      return `${row!.ended} such runs ended, ${Math.round(row!.bytes / 1e6)} MB were kept`;
    },
  };
}

async function jobsThatAsk(stage: Stage, count: number): Promise<TestJob[]> {
  const jobs: TestJob[] = [];
  for (let n = 0; n < count; n++) {
    jobs.push(
      await stage.job({
        key: `crowd-${n}`,
        overlap: 'allow',
        work: { kind: 'http', url: `${stage.endpoint.origin}/${n}` },
      }),
    );
  }
  return jobs;
}

/** Runs that somebody asked for, due as soon as they are there. */
async function addRuns(stage: Stage, jobs: TestJob[], count: number): Promise<void> {
  await inBatches(count, async (size) => {
    await stage.installation.db.sql(ADD_RUNS, [...sameOf(jobs), size]);
  });
}

/** Ticks that stand there ahead of their time, a millisecond apart for each job; this waits until they are due. */
async function addTicksAhead(stage: Stage, jobs: TestJob[], count: number): Promise<void> {
  const dueMs = Date.now() + PLANNED_AHEAD_MS;
  await inBatches(count, async (size, before) => {
    await stage.installation.db.sql(ADD_TICKS, [...sameOf(jobs), size, new Date(dueMs), before]);
  });
  await pause(Math.max(0, dueMs - Date.now()));
}

async function inBatches(
  count: number,
  add: (size: number, before: number) => Promise<void>,
): Promise<void> {
  for (let added = 0; added < count; added += BATCH) {
    await add(Math.min(BATCH, count - added), added);
  }
}

const sameOf = (jobs: TestJob[]) => {
  const { work, overlap } = jobs[0]!.definition;
  return [jobs.map(({ id }) => id), work.kind, overlap];
};

const OF_JOBS = `
  JOIN (SELECT id, place FROM unnest($1::int[]) WITH ORDINALITY AS one (id, place)) AS j
    ON j.place = n % cardinality($1::int[]) + 1`;

const ADD_RUNS = `
INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, requested_by, queue, kind, overlap)
SELECT now(), now(), j.id, 1, 'manual', 'Test', 'crowd', $2::text, $3::text
  FROM generate_series(0, $4::int - 1) AS n ${OF_JOBS}`;

const ADD_TICKS = `
INSERT INTO run (scheduled_for, due_at, job_id, revision, trigger, queue, kind, overlap)
SELECT at, at, j.id, 1, 'tick', 'crowd', $2::text, $3::text
  FROM generate_series($6::int, $6::int + $4::int - 1) AS n ${OF_JOBS}
 CROSS JOIN LATERAL (SELECT $5::timestamptz + n / cardinality($1::int[]) * interval '1 ms' AS at) AS tick`;

async function ended({ installation }: Stage): Promise<string> {
  const [row] = await installation.db.sql<{ over: number; bad: number }>(
    `SELECT count(*)::int AS over, (count(*) FILTER (WHERE state <> 'succeeded'))::int AS bad
       FROM run WHERE NOT is_live AND queue = 'crowd'`,
  );
  return `${row!.over.toLocaleString('en')} of them ran${row!.bad > 0 ? `, ${row!.bad} badly` : ''}`;
}
