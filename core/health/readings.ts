import type { Figures, QueueFigures, WorkerFigures } from './figures.ts';
import { dutyLateMs } from './duty-late.ts';

// How the numbers of checks are read from the figures, where that takes more than a field.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** The lease isn't over. */
const isThere = ({ leaseLeftMs }: WorkerFigures) => leaseLeftMs > 0;
export const takesRuns = (worker: WorkerFigures) => worker.isActive && isThere(worker);

export function namesOfMigrations(found: Figures['migrations']): string[] {
  switch (found.state) {
    case 'current':
      return [];
    case 'behind':
      return found.missing;
    case 'newer':
      return found.unknown;
  }
}

/** The worst of several, with the names of all that are beyond the line. */
export function worst<Item extends { name: string }>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
  line: number,
): { value: number; about: string[] } | null {
  if (items.length === 0) return null;
  const measured = items
    .map((item) => ({ name: item.name, value: valueOf(item) }))
    .toSorted((a, b) => b.value - a.value);
  return {
    value: measured[0]!.value,
    about: measured.filter(({ value }) => value > line).map(({ name }) => name),
  };
}

/** Of a duty that any worker does for all: how late the most punctual of them is. Null where none has said. */
export function leastLate({ workers }: Figures, duty: string): { value: number } | null {
  const late = workers
    .filter(isThere)
    .flatMap(({ report }) => report.duties.filter(({ name }) => name === duty))
    // However long a pass takes, ticks wait for its end.
    .map(({ overdueMs }) => overdueMs);
  return late.length === 0 ? null : { value: Math.min(...late) };
}

export function readDuties({ workers }: Figures): { value: number; about: string[] } | null {
  const duties = workers.filter(isThere).flatMap((worker) =>
    worker.report.duties.map((duty) => ({
      ...duty,
      name: workers.length === 1 ? duty.name : `${duty.name} of ${worker.name}`,
    })),
  );
  return worst(duties, dutyLateMs, MINUTE_MS);
}

/** So long a claimed run may be on its way: what is due for less says nothing. */
const JUST_STARTED_MS = 30 * SECOND_MS;

/** The oldest run that could start, in a queue where nothing does: what waits for its turn is no trouble. */
export function readOldestDue(figures: Figures): { value: number; about?: string[] } | null {
  const workers = figures.workers.filter(takesRuns);
  if (figures.isEverythingPaused || workers.length === 0) return { value: 0 };
  const stuck = figures.queues.filter((queue) => isStuck(queue, workers));
  return worst(stuck, ({ oldestFreeMs }) => oldestFreeMs ?? 0, JUST_STARTED_MS) ?? { value: 0 };
}

function isStuck(queue: QueueFigures, workers: readonly WorkerFigures[]): boolean {
  if (queue.oldestFreeMs === null || queue.running >= queue.maxRunning || queue.isPacedByRate) {
    return false;
  }
  const serving = workers.filter(
    ({ queues }) => queues.length === 0 || queues.includes(queue.name),
  );
  if (serving.length === 0) return true;
  const started = serving.map(({ report }) => report.startedMsAgo[queue.name] ?? Infinity);
  return (
    serving.some(({ slots, slotsInUse }) => slotsInUse < slots) &&
    Math.min(...started) > JUST_STARTED_MS
  );
}

/** Those that were lost and that nobody came for; one that is silent counts before anybody has come to say that it's lost. */
export function readLostWorkers({ workers, lostWorkers }: Figures): {
  value: number;
  about: string[];
} {
  const silent = workers
    .filter((worker) => !isThere(worker))
    .map(({ name, heardMsAgo }) => ({ name, heardMsAgo }));
  const gone = [...silent, ...lostWorkers].toSorted((a, b) => b.heardMsAgo - a.heardMsAgo);
  const came = workers.filter(isThere).map(({ upMs }) => upMs);
  const missed = gone.filter(({ heardMsAgo }) => {
    const successor = came.findIndex((upMs) => upMs < heardMsAgo);
    if (successor === -1) return true;
    came.splice(successor, 1);
    return false;
  });
  return { value: missed.length, about: missed.map(({ name }) => name) };
}

const MONTHS_AHEAD = 3;

/** How many months are ready in a row, the next one first; less than none where this month or the last is incomplete. */
export function readMonthsAhead({ missingMonths }: Figures): { value: number; about: string[] } {
  const first = Math.min(...missingMonths.map(({ aheadBy }) => aheadBy), MONTHS_AHEAD + 1);
  return { value: first - 1, about: missingMonths.map(({ month }) => month) };
}

const FEW_DEAD_ROWS = 50_000;
const RECENT_VACUUM_MS = 10 * MINUTE_MS;

/** Of tables with many dead rows that nobody cleared lately: after a burst there are many for a minute, and that is well. */
export function readDeadRows({ tables }: Figures): { value: number; about?: string[] } {
  const neglected = tables.filter(
    ({ deadRows, vacuumedMsAgo }) =>
      deadRows >= FEW_DEAD_ROWS && (vacuumedMsAgo ?? Infinity) > RECENT_VACUUM_MS,
  );
  return (
    worst(neglected, ({ deadRows, liveRows }) => deadRows / (deadRows + liveRows), 0.5) ?? {
      value: 0,
    }
  );
}
