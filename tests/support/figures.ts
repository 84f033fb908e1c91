import type { Figures, QueueFigures, WorkerFigures } from '#core/health/figures.ts';
import type { DutyReport, SaidOfDuty } from '#core/health/worker-report.ts';

export const healthyWorker = (given: Partial<WorkerFigures> = {}): WorkerFigures => ({
  id: 1,
  name: 'w-1',
  host: 'a',
  version: '0.1.0',
  isActive: true,
  slots: 4,
  slotsInUse: 0,
  queues: [],
  clockOffsetMs: 3,
  heardMsAgo: 2_000,
  upMs: 3_600_000,
  leaseLeftMs: 58_000,
  leaseMs: 60_000,
  report: { duties: [], startedMsAgo: {} },
  ...given,
});

export function duty(name: string, given: Partial<DutyReport> = {}): SaidOfDuty {
  const report = {
    name,
    passedMsAgo: 500,
    tookMs: 4,
    everyMs: 2_000,
    failures: 0,
    errors: 0,
    underWayMs: null,
    ...given,
  };
  return { ...report, overdueMs: Math.max(0, report.passedMsAgo - report.everyMs) };
}

export const calmQueue = (given: Partial<QueueFigures> = {}): QueueFigures => ({
  name: 'default',
  running: 0,
  maxRunning: 10,
  waiting: 0,
  maxWaiting: 1_000,
  oldestDueMs: null,
  oldestFreeMs: null,
  isPacedByRate: false,
  ...given,
});

/** An installation of which nothing bad can be said. */
export const healthyFigures = (given: Partial<Figures> = {}): Figures => ({
  answeredInMs: 1,
  migrations: { state: 'current' },
  isEverythingPaused: false,
  plannerLagMs: 0,
  workers: [healthyWorker()],
  lostWorkers: [],
  lag: { now: { own: null, all: null }, day: { own: null, all: null } },
  queues: [calmQueue()],
  connections: { used: 10, most: 97, of: 'server' },
  oldestTransaction: null,
  tables: [],
  missingMonths: [],
  space: { databaseBytes: 50_000_000, growthBytesPerDay: null, freeBytes: null },
  archiveFailingMs: null,
  isSizeSampled: true,
  openTroubles: [],
  ...given,
});
