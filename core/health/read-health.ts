import { type Actor, authorize } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import { webPool } from '../prisma.ts';
import type { Figures, QueueFigures, TableFigures, WorkerFigures } from './figures.ts';
import { judge, type Judged, judgeOtherSchema } from './judge.ts';
import { readFreeBytes } from './own-disk.ts';
import { readFigures } from './read-figures.ts';
import { dutyLateMs } from './duty-late.ts';
import { type SaidOfDuty } from './worker-report.ts';

/** What the page about Punctual itself shows. Lengths of time in ms, instants ISO 8601. */
export type HealthView = {
  at: string;
  /** In the order of their weight. `since`: when it was first said to be bad; null while nobody has. */
  checks: (Judged & { since: string | null })[];
  /** Null where the database is of another version of Punctual. */
  figures: {
    lag: Figures['lag'];
    workers: Omit<WorkerFigures, 'report' | 'queues'>[];
    duties: DutyView[];
    queues: QueueFigures[];
    connections: Figures['connections'];
    /** The largest, and how many there are. */
    tables: TableFigures[];
    tableCount: number;
    space: Figures['space'];
  } | null;
};

/** A duty of all workers together. */
export type DutyView = {
  name: string;
  /** Workers that do it. */
  workers: number;
  /** Of the worker that passed last. */
  passedMsAgo: number;
  /** The longest of their latest passes. */
  tookMs: number;
  /** How late the latest of them is. */
  lateMs: number;
  /** Since the workers started. */
  errors: number;
  /** Where its latest passes failed. */
  failingOn: string[];
};

const MOST_WORKERS = 100;
const MOST_TABLES = 12;
/** In steps of so much the latest duty comes first. */
const NOTABLY_LATE_MS = 10_000;

/** @throws NotAllowed; and what the driver throws where the database doesn't answer */
export async function readHealth(actor: Actor): Promise<HealthView> {
  authorize(actor, 'health:read');
  const sql = sqlOf(webPool());
  const figures = await readFigures({ sql, freeBytes: () => readFreeBytes(environment()) });
  const nowMs = Date.now();
  const at = new Date(nowMs).toISOString();
  if ('isOtherSchema' in figures) {
    const checks = judgeOtherSchema(figures).map((judged) => ({ ...judged, since: null }));
    return { at, checks, figures: null };
  }
  const since = new Map(
    figures.openTroubles.map(({ name, sinceMsAgo }) => [
      name,
      new Date(nowMs - sinceMsAgo).toISOString(),
    ]),
  );
  return {
    at,
    checks: judge(figures).map((judged) => ({ ...judged, since: since.get(judged.name) ?? null })),
    figures: {
      lag: figures.lag,
      workers: figures.workers
        .slice(0, MOST_WORKERS)
        .map(({ report: _report, queues: _queues, ...worker }) => worker),
      duties: dutiesOf(figures.workers),
      queues: figures.queues,
      connections: figures.connections,
      tables: figures.tables.slice(0, MOST_TABLES),
      tableCount: figures.tables.length,
      space: figures.space,
    },
  };
}

function dutiesOf(workers: readonly WorkerFigures[]): DutyView[] {
  const reports = workers.flatMap(({ name, report }) =>
    report.duties.map((duty) => ({ ...duty, worker: name })),
  );
  return [...Map.groupBy(reports, ({ name }) => name)]
    .map(([name, duties]) => dutyOf(name, duties))
    .toSorted(
      (a, b) =>
        Math.floor(b.lateMs / NOTABLY_LATE_MS) - Math.floor(a.lateMs / NOTABLY_LATE_MS) ||
        a.name.localeCompare(b.name),
    );
}

function dutyOf(name: string, duties: readonly (SaidOfDuty & { worker: string })[]): DutyView {
  const longest = (valueOf: (duty: SaidOfDuty) => number) => Math.max(...duties.map(valueOf));
  return {
    name,
    workers: duties.length,
    passedMsAgo: Math.min(...duties.map(({ passedMsAgo }) => passedMsAgo)),
    tookMs: longest(({ tookMs }) => tookMs),
    lateMs: longest(dutyLateMs),
    errors: duties.reduce((sum, { errors }) => sum + errors, 0),
    failingOn: duties.filter(({ failures }) => failures > 0).map(({ worker }) => worker),
  };
}
