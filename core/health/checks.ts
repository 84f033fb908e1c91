import type { Check } from './check.ts';
import {
  leastLate,
  namesOfMigrations,
  readDeadRows,
  readDuties,
  readLostWorkers,
  readMonthsAhead,
  readOldestDue,
  takesRuns,
  worst,
} from './readings.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const GB = 1_000_000_000;

/** In the order of their weight: where several are bad, the first is told on every page. docs/health.md describes each. */
export const CHECKS = [
  {
    name: 'database',
    group: 'keeping',
    unit: 'ms',
    worse: 'above',
    warnAt: 300,
    badAt: 2 * SECOND_MS,
    isReadiness: true,
    read: ({ answeredInMs }) => ({ value: answeredInMs }),
  },
  {
    name: 'migrations',
    group: 'keeping',
    unit: 'count',
    worse: 'above',
    warnAt: null,
    badAt: 0,
    isReadiness: true,
    read: ({ migrations }) => {
      const others = namesOfMigrations(migrations);
      return { value: others.length, about: others };
    },
  },
  {
    name: 'worker',
    group: 'keeping',
    unit: 'count',
    worse: 'below',
    warnAt: null,
    badAt: 1,
    isReadiness: true,
    read: ({ workers }) => ({ value: workers.filter(takesRuns).length }),
  },
  {
    name: 'planner',
    group: 'keeping',
    unit: 'ms',
    worse: 'above',
    warnAt: 10 * SECOND_MS,
    badAt: 30 * SECOND_MS,
    isReadiness: true,
    read: ({ plannerLagMs }) => ({ value: plannerLagMs }),
  },
  {
    name: 'planning',
    group: 'keeping',
    unit: 'ms',
    worse: 'above',
    warnAt: null,
    badAt: 30 * SECOND_MS,
    read: (figures) => leastLate(figures, 'planner'),
  },
  {
    name: 'claiming',
    group: 'keeping',
    unit: 'ms',
    worse: 'above',
    warnAt: null,
    badAt: 30 * SECOND_MS,
    read: (figures) => leastLate(figures, 'claimer'),
  },
  {
    name: 'oldest_due',
    group: 'keeping',
    unit: 'ms',
    worse: 'above',
    warnAt: 30 * SECOND_MS,
    badAt: MINUTE_MS,
    read: readOldestDue,
  },
  {
    name: 'start_lag',
    group: 'keeping',
    unit: 'ms',
    worse: 'above',
    warnAt: 2 * SECOND_MS,
    badAt: 15 * SECOND_MS,
    read: ({ lag: { now } }) => now.own && { value: now.own.p99Ms },
  },
  {
    name: 'lost_worker',
    group: 'workers',
    unit: 'count',
    worse: 'above',
    warnAt: null,
    badAt: 0,
    read: readLostWorkers,
  },
  {
    name: 'partitions',
    group: 'database',
    unit: 'count',
    worse: 'below',
    warnAt: 2,
    badAt: 1,
    read: readMonthsAhead,
  },
  {
    name: 'free_space',
    group: 'space',
    unit: 'bytes',
    worse: 'below',
    warnAt: 5 * GB,
    badAt: GB,
    read: ({ space: { freeBytes } }) => (freeBytes === null ? null : { value: freeBytes }),
  },
  {
    name: 'connections',
    group: 'database',
    unit: 'share',
    worse: 'above',
    warnAt: 0.8,
    badAt: 0.95,
    read: ({ connections: { used, most } }) => ({ value: used / most }),
  },
  {
    name: 'clocks',
    group: 'workers',
    unit: 'ms',
    worse: 'above',
    warnAt: 500,
    badAt: 2 * SECOND_MS,
    read: ({ workers }) => worst(workers, ({ clockOffsetMs }) => Math.abs(clockOffsetMs), 500),
  },
  {
    name: 'space_forecast',
    group: 'space',
    unit: 'days',
    worse: 'below',
    warnAt: 14,
    badAt: 3,
    read: ({ space: { freeBytes, growthBytesPerDay } }) =>
      freeBytes === null || growthBytesPerDay === null
        ? null
        : { value: Math.min(3_650, freeBytes / Math.max(1, growthBytesPerDay)) },
  },
  {
    name: 'archive',
    group: 'space',
    unit: 'ms',
    worse: 'above',
    warnAt: 5 * MINUTE_MS,
    badAt: 60 * MINUTE_MS,
    read: ({ archiveFailingMs }) =>
      archiveFailingMs === null ? null : { value: archiveFailingMs },
  },
  {
    name: 'duties',
    group: 'workers',
    unit: 'ms',
    worse: 'above',
    warnAt: MINUTE_MS,
    badAt: 10 * MINUTE_MS,
    read: readDuties,
  },
  {
    name: 'leases',
    group: 'workers',
    unit: 'share',
    worse: 'above',
    warnAt: 0.5,
    badAt: null,
    read: ({ workers }) =>
      worst(workers, ({ leaseLeftMs, leaseMs }) => 1 - Math.max(0, leaseLeftMs) / leaseMs, 0.5),
  },
  {
    name: 'queue_depth',
    group: 'keeping',
    unit: 'share',
    worse: 'above',
    warnAt: 0.8,
    badAt: null,
    read: ({ queues }) =>
      worst(
        queues.filter(({ maxWaiting }) => maxWaiting > 0),
        ({ waiting, maxWaiting }) => waiting / maxWaiting,
        0.8,
      ) ?? { value: 0 },
  },
  {
    name: 'transactions',
    group: 'database',
    unit: 'ms',
    worse: 'above',
    warnAt: 15 * MINUTE_MS,
    badAt: 360 * MINUTE_MS,
    read: ({ oldestTransaction }) =>
      oldestTransaction
        ? { value: oldestTransaction.openMs, about: [oldestTransaction.name] }
        : { value: 0 },
  },
  {
    name: 'dead_rows',
    group: 'database',
    unit: 'share',
    worse: 'above',
    warnAt: 0.5,
    badAt: null,
    read: readDeadRows,
  },
] as const satisfies readonly Check[];

export type CheckName = (typeof CHECKS)[number]['name'];

export const CHECK_NAMES: readonly CheckName[] = CHECKS.map(({ name }) => name);

export const checkOf = (name: CheckName): Check<CheckName> =>
  CHECKS.find((check) => check.name === name)!;
