import type { MigrationState } from '#prisma/migration-state.ts';
import type { StartLags } from './lag.ts';
import type { WorkerReport } from './worker-report.ts';

/** Everything that is judged, as of one look. Lengths of time are in ms, by the database's clock. */
export type Figures = {
  /** From asking to the answer, for the smallest statement. */
  answeredInMs: number;
  migrations: MigrationState;
  isEverythingPaused: boolean;
  /** The age of the oldest tick that is due and has no row yet. */
  plannerLagMs: number;
  /** Those that haven't ended, by name. */
  workers: WorkerFigures[];
  /** Lost within the hour, the latest first. */
  lostWorkers: { name: string; heardMsAgo: number }[];
  lag: { now: StartLags; day: StartLags };
  queues: QueueFigures[];
  /** How many of so many are in use, of the server, the role and the database: whichever is nearest to its end. */
  connections: { used: number; most: number; of: 'server' | 'role' | 'database' };
  /** The transaction that has been open for longest; null: none. */
  oldestTransaction: { name: string; openMs: number } | null;
  /** The largest first. */
  tables: TableFigures[];
  /** Months from the last one to three ahead that lack one of their tables, as `2026-12`; `aheadBy` 0 is this month. */
  missingMonths: { month: string; aheadBy: number }[];
  space: SpaceFigures;
  /** Today's size of the database has been kept. */
  isSizeSampled: boolean;
  /** For how long the archive couldn't be used; 0: it can be. Null: months go without one. */
  archiveFailingMs: number | null;
  /** Of Punctual's own that are told of. */
  openTroubles: OpenTrouble[];
};

/** An incident of Punctual's own that goes on. */
export type OpenTrouble = { name: string; sinceMsAgo: number };

export type WorkerFigures = {
  id: number;
  name: string;
  host: string;
  version: string;
  /** Takes new runs. */
  isActive: boolean;
  slots: number;
  slotsInUse: number;
  /** Empty: all. */
  queues: string[];
  clockOffsetMs: number;
  heardMsAgo: number;
  /** How long it has been there. */
  upMs: number;
  /** Of its lease; less than none: it is over, and nobody has come to say so yet. */
  leaseLeftMs: number;
  leaseMs: number;
  report: WorkerReport;
};

export type QueueFigures = {
  name: string;
  running: number;
  maxRunning: number;
  /** Counted up to 10,000. */
  waiting: number;
  maxWaiting: number;
  /** The age of the oldest that is due and not held; null: none waits. */
  oldestDueMs: number | null;
  /** The same of the first few that nothing but a claim keeps from starting. */
  oldestFreeMs: number | null;
  /** It has a rate, and something has started within its stretch. */
  isPacedByRate: boolean;
};

export type TableFigures = {
  name: string;
  bytes: number;
  liveRows: number;
  deadRows: number;
  /** Since dead rows were last cleared away; null: never. */
  vacuumedMsAgo: number | null;
};

export type SpaceFigures = {
  databaseBytes: number;
  /** Null until there are samples of a day. */
  growthBytesPerDay: number | null;
  /** Of the disk of the data folder; null where it can't be seen from here. */
  freeBytes: number | null;
};
