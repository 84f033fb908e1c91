import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { migrate } from '#prisma/migrate.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '#tests/support/database.ts';
import { cloneDatabase } from '#tests/support/clone-database.ts';
import { type FakeTime, fakeTime } from '#tests/support/faketime.ts';
import { addToClock } from '#tests/support/clock.ts';
import { fastestPlace, startTestPostgres, type TestPostgres } from '#tests/support/postgres.ts';
import { makeJob, type TestJob, type TestJobOverrides } from '#tests/support/jobs.ts';
import { makeOlderJob } from '#tests/support/older-jobs.ts';
import { until } from '#tests/support/wait.ts';
import { startWorker, type TestWorker } from '#tests/support/worker.ts';
import { type Watch, watchAcknowledged } from './outside/acknowledged.ts';
import { check, type CheckedJob, type Verdict } from './outside/check.ts';
import { every, type Fires, inTurn } from './outside/expected.ts';
import { longestOutage, timeToRecover, type Window } from './outside/pace.ts';
import { type Entry, readRecord, recordingScript } from './outside/record.ts';
import { readStanding, type Standing } from './outside/stands.ts';

/** The fault can't be made on this machine: its row says `not run`, with this reason. */
export class CannotBeMade extends Error {}

/** What a scenario breaks, and what it is checked by. */
export type World = {
  /** How often it is broken. */
  rounds: number;
  /** 1: leases and heartbeats as they are by default; 0.1: a tenth of them. */
  scale: number;
  db: TestDatabase;
  /** The PostgreSQL of its own, where the fault asked for one. */
  server: TestPostgres;
  /** The database's clock is so many ms off the host's from now on, for a fault that asked for a clock. */
  moveClock(byMs: number): Promise<void>;
  /** The file that jobs append to (outside/record.ts). */
  recordFile: string;
  record(): Entry[];
  /** What was seen, for the table. */
  notes: string[];
  /** A job that records what it does and is checked afterwards. */
  job(job: RecordedJob): Promise<TestJob>;
  /** Jobs of three kinds that go all the while: each second, every 2 s and never twice, every 5 s and never two at once. */
  steadyJobs(): Promise<void>;
  /** A worker process with this world's times; `through`: another address of its database (a proxy); `root`: another program. */
  worker(
    environment?: Readonly<Record<string, string>>,
    through?: string,
    root?: string,
  ): Promise<TestWorker>;
  /** Does what breaks something and mends it again: its beginning and end are the fault's. */
  during<T>(broken: () => Promise<T>): Promise<T>;
  /** So long in earnest; scaled down with the leases. */
  ms(inEarnest: number): number;
  /** Lets the work go on for a while: what passes between faults. */
  live(ms: number): Promise<void>;
  /** Something wrong that the checker can't see. */
  finds(what: string): void;
  /** Waits for the end of all that was due, and holds everything against each other. */
  settle(): Promise<Settled>;
};

type AnySchedule = NonNullable<TestJobOverrides['schedule']>;

export type RecordedJob = Omit<TestJobOverrides, 'schedule' | 'work'> & {
  /** Every so many seconds, on the whole second; left out: it has no schedule. */
  everySeconds?: number;
  /** A schedule of another kind, and the seconds at which it fires by the clock on the wall. */
  schedule?: { is: AnySchedule; fires: Fires; timeZone: string };
  /** Beats of 50 ms that an attempt takes, and those after the first. */
  beats?: number;
  laterBeats?: number;
  /** Instead of the recording script: one that records by itself, or doesn't. */
  script?: string;
  /** Whether its attempts may fail by themselves; default: those of a script or another work of its own. */
  mayFail?: boolean;
  /** Instead of a script: another kind of work, which somebody else records. */
  work?: TestJobOverrides['work'];
};

export type Settled = {
  verdict: Verdict;
  longestOutageMs: number;
  recoverMs: number | null;
  findings: string[];
};

const EXCLUSIVE = ['skip', 'queue_one', 'queue_all', 'cancel_previous'];
const SETTLE_MS = 180_000;
const PACE_MS = 2_500;

/** An installation of one fault's own; it goes when the test is over. */
export async function openWorld({
  name,
  rounds,
  scale,
  server: settings,
  clock = false,
  schema,
}: {
  /** Of its folder. */
  name: string;
  rounds: number;
  scale: number;
  /** Of a PostgreSQL of its own, instead of the one that all share. */
  server: Readonly<Record<string, string>> | undefined;
  /** The database's clock can be moved: by libfaketime, on a server of its own, else by functions in its place. */
  clock?: boolean;
  /** Of an older version: the last of its migrations. */
  schema?: string | undefined;
}): Promise<World> {
  const folder = mkdtempSync(path.join(tmpdir(), `punctual-fault-${name}-`));
  const recordFile = path.join(folder, 'record');
  const faked = clock ? fakeTime() : null;
  const copy = inject('postgresCopy');
  const place = scale === 1 ? undefined : fastestPlace();
  const server =
    settings || faked ? await startTestPostgres(settings, faked?.environment, copy, place) : null;
  const kind = schema ? 'empty' : 'migrated';
  const shared = schema ? createEmptyDatabase : createTestDatabase;
  const db = server ? await cloneDatabase(server.url, kind) : await shared();
  if (schema) await migrate(db.url, { through: schema });
  const moveClock = clock ? await movesClock(db, faked) : null;
  // Connections of the checker's own: the fault may break those of the test.
  const outside = new pg.Pool({ connectionString: db.url, max: 2 });
  outside.on('error', () => {});
  let watch: Watch | null = null;
  onTestFinished(async () => {
    await watch?.stop().catch(() => {});
    await outside.end();
    await (server ? db.pool.end().then(server.stop) : db.drop());
    faked?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const jobs: CheckedJob[] = [];
  const intervals = new Set<string>();
  const pacers = new Set<string>();
  const faults: Window[] = [];
  const findings: string[] = [];

  const make = schema ? makeOlderJob : makeJob;
  const world: World = {
    rounds,
    scale,
    db,
    get server() {
      if (!server) throw new Error('Ask for a server of its own: fault(…, { server: {} }, …).');
      return server;
    },
    moveClock: async (byMs) => {
      if (!moveClock) throw new Error('Ask for a clock: fault(…, { clock: true }, …).');
      await moveClock(byMs);
    },
    recordFile,
    record: () => readRecord(recordFile),
    notes: clock ? [`clock of the database: ${faked ? 'libfaketime' : 'injected'}`] : [],
    ms: (inEarnest) => Math.round(inEarnest * scale),
    live: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    finds: (what) => void findings.push(what),

    async job({
      everySeconds,
      schedule,
      beats = 2,
      laterBeats,
      script,
      mayFail,
      work,
      ...overrides
    }) {
      watch ??= watchAcknowledged(outside, () => jobs.map(({ key }) => key));
      const job = await make(db, {
        overlap: 'allow',
        mayRunTwice: true,
        catchUp: 'all',
        catchUpMost: 1_000,
        catchUpPerMinute: 6_000,
        ...overrides,
        schedule: schedule?.is ?? interval(everySeconds),
        work: work ?? {
          kind: 'script',
          text: script ?? recordingScript(recordFile, { beats, ...later(laterBeats) }),
        },
      });
      const [row] = await db.sql<{ since: Date }>(
        'SELECT created_at AS since FROM job WHERE id = $1',
        [job.id],
      );
      jobs.push({
        key: job.key,
        fires: schedule?.fires ?? null,
        ...(schedule ? { timeZone: schedule.timeZone } : {}),
        since: row!.since.getTime(),
        isExclusive: EXCLUSIVE.includes(job.definition.overlap),
        mayRunTwice: job.definition.mayRunTwice,
        mayFail: mayFail ?? (script !== undefined || work !== undefined),
        printsBeats: script === undefined && work === undefined,
      });
      if (everySeconds !== undefined) intervals.add(job.key);
      if (everySeconds === 1 && job.definition.overlap === 'allow') pacers.add(job.key);
      return job;
    },

    async steadyJobs() {
      await world.job({ everySeconds: 1 });
      await world.job({ everySeconds: 2, beats: 6, overlap: 'queue_all', mayRunTwice: false });
      await world.job({ everySeconds: 5, beats: 20, overlap: 'skip', catchUp: 'latest' });
    },

    worker: (environment = {}, through = db.url, root?) =>
      startWorker({ url: through }, { ...times(scale), ...environment }, root),

    async during(broken) {
      const from = Date.now();
      try {
        return await broken();
      } finally {
        faults.push({ from, until: Date.now() });
      }
    },

    async settle() {
      const ends = Math.max(...faults.map(({ until: over }) => over));
      // What begins after the last fault says how long it took to recover.
      if (pacers.size > 0) await world.live(Math.max(0, ends + PACE_MS - Date.now()));
      const keys = jobs.map(({ key }) => key);
      const { rows } = await outside.query<{ now: Date }>('SELECT clock_timestamp() AS now');
      const end = rows[0]!.now.getTime();
      // A question that the database doesn't answer isn't the end of anything.
      const isOver = () =>
        allOver(outside, keys, end).catch((error: unknown) => {
          world.notes.push(`while all ended: ${String(error)}`);
          return false;
        });
      await until(isOver, {
        timeoutMs: SETTLE_MS,
        everyMs: 200,
        what: 'the end of all that was due',
      }).catch(() => {}); // The checker says what has no end.
      await watch?.stop();
      const standing = await readStanding(outside, keys);
      const record = world.record();
      const acknowledged = watch?.seen ?? new Map<string, never>();
      const ofPacers = record.filter(({ job }) => pacers.has(job));
      const ofRevisions = jobs.map((job) =>
        intervals.has(job.key) ? { ...job, fires: firesOf(job.key, standing) } : job,
      );
      return {
        verdict: check({ jobs: ofRevisions, record, standing, acknowledged, until: end }),
        longestOutageMs: longestOutage(ofPacers),
        recoverMs: timeToRecover(ofPacers, faults),
        findings,
      };
    },
  };
  return world;
}

/** Functions in the place of the database's stand before all connections but those that are open already. */
async function movesClock(
  db: TestDatabase,
  faked: FakeTime | null,
): Promise<(byMs: number) => Promise<void>> {
  if (!faked) return addToClock(db);
  return async (byMs) => faked.move(byMs);
}

/** The product's default times, or a tenth of them. */
function times(scale: number): Record<string, string> {
  if (scale === 1) {
    return {
      PUNCTUAL_LEASE_MS: '60000',
      PUNCTUAL_HEARTBEAT_MS: '10000',
      PUNCTUAL_SELF_KILL_MS: '40000',
      PUNCTUAL_RESCUE_MS: '10000',
      PUNCTUAL_POLL_MS: '10000',
      PUNCTUAL_DRAIN_MS: '30000',
      PUNCTUAL_KILL_GRACE_MS: '10000',
    };
  }
  return {
    PUNCTUAL_LEASE_MS: '6000',
    PUNCTUAL_HEARTBEAT_MS: '1000',
    PUNCTUAL_SELF_KILL_MS: '4000',
    PUNCTUAL_RESCUE_MS: '500',
    PUNCTUAL_POLL_MS: '2000',
    PUNCTUAL_DRAIN_MS: '3000',
    PUNCTUAL_KILL_GRACE_MS: '1000',
  };
}

const later = (beats: number | undefined) => (beats === undefined ? {} : { later: beats });

export function interval(everySeconds: number | undefined): AnySchedule {
  if (everySeconds === undefined) return { type: 'manual' };
  const anchor = '2026-01-01T00:00:00Z';
  return { type: 'interval', everyMs: everySeconds * 1_000, anchor, timeZone: 'UTC' };
}

/** The seconds at which a job's intervals fire, by all its revisions. */
function firesOf(key: string, { revisions }: Standing): Fires {
  const never: Fires = () => false;
  const own = revisions.filter(({ job }) => job === key);
  return inTurn(
    own.map(({ savedAt, everyMs }) => ({
      after: savedAt,
      fires: everyMs === null ? never : every(everyMs / 1000),
    })),
  );
}

/** Whether everything up to `end` has been planned, and every run up to then has ended. */
async function allOver(pool: pg.Pool, keys: readonly string[], end: number): Promise<boolean> {
  const { rows } = await pool.query<{ left: string }>(
    `SELECT (SELECT count(*) FROM job WHERE key = ANY ($1) AND next_tick_at <= $2
               AND paused_at IS NULL AND deleted_at IS NULL)
          + (SELECT count(*) FROM run r JOIN job j ON j.id = r.job_id
              WHERE r.is_live AND j.key = ANY ($1) AND r.scheduled_for <= $2) AS left`,
    [keys, new Date(end)],
  );
  return Number(rows[0]!.left) === 0;
}
