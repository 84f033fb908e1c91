import type { ForecastInput, ForecastJob, ForecastWorker } from './model.ts';

/** Jobs that ask the same of queue and workers stand in one line. */
type JobClass = {
  /** Place of its queue. */
  queue: number;
  /** Places of the workers that execute it, those that serve fewest queues first. */
  workers: readonly number[];
};

/** Who may take whose slots, and how many are free. */
export class Fitting {
  readonly classes: readonly JobClass[];
  /** By place of a job. */
  readonly classOf: Int32Array;
  readonly #roomOfQueue: Int32Array;
  readonly #freeOfWorker: Int32Array;
  readonly #workerAt: ReadonlyMap<number, number>;

  constructor(
    classes: readonly JobClass[],
    classOf: Int32Array,
    { queues, workers }: Pick<ForecastInput, 'queues' | 'workers'>,
  ) {
    this.classes = classes;
    this.classOf = classOf;
    this.#roomOfQueue = Int32Array.from(queues, ({ maxRunning }) => maxRunning);
    this.#freeOfWorker = Int32Array.from(workers, ({ slots }) => slots);
    this.#workerAt = new Map(workers.map(({ id }, place) => [id, place]));
  }

  hasRoom(line: number): boolean {
    const { queue, workers } = this.classes[line]!;
    if (this.#roomOfQueue[queue]! <= 0) return false;
    return workers.length === 0 || workers.some((worker) => this.#freeOfWorker[worker]! > 0);
  }

  /** A slot for a job: the worker's place, or one that stands for no worker; null: there is none. */
  take(job: number): number | null {
    const { queue, workers } = this.classes[this.classOf[job]!]!;
    if (this.#roomOfQueue[queue]! <= 0) return null;
    const worker = workers.find((place) => this.#freeOfWorker[place]! > 0);
    if (workers.length > 0 && worker === undefined) return null;
    this.#roomOfQueue[queue]! -= 1;
    if (worker === undefined) return this.#freeOfWorker.length;
    this.#freeOfWorker[worker]! -= 1;
    return worker;
  }

  /** The slot of a run that has one, also beyond the limits. */
  takeOf(job: number, workerId: number): number {
    const { queue } = this.classes[this.classOf[job]!]!;
    this.#roomOfQueue[queue]! -= 1;
    const worker = this.#workerAt.get(workerId);
    if (worker === undefined) return this.#freeOfWorker.length;
    this.#freeOfWorker[worker]! -= 1;
    return worker;
  }

  giveBack(job: number, slot: number): void {
    const { queue } = this.classes[this.classOf[job]!]!;
    this.#roomOfQueue[queue]! += 1;
    if (slot < this.#freeOfWorker.length) this.#freeOfWorker[slot]! += 1;
  }
}

/** Where no worker executes a kind of job now, only its queue's limit holds: a forecast is about when there is one. */
export function fittingOf(input: ForecastInput): Fitting {
  const { jobs, queues, workers } = input;
  const queueAt = new Map(queues.map(({ name }, place) => [name, place]));
  const classes: JobClass[] = [];
  const known = new Map<string, number>();
  const classOf = Int32Array.from(jobs, (job) => {
    const name = JSON.stringify([job.queue, job.kind, labelsOf(job)]);
    const found = known.get(name);
    if (found !== undefined) return found;
    known.set(name, classes.length);
    classes.push({ queue: queueAt.get(job.queue) ?? 0, workers: workersFor(job, workers) });
    return classes.length - 1;
  });
  return new Fitting(classes, classOf, { queues, workers });
}

const labelsOf = ({ runsOn }: ForecastJob) =>
  Object.entries(runsOn).toSorted(([a], [b]) => (a < b ? -1 : 1));

function workersFor(job: ForecastJob, workers: readonly ForecastWorker[]): number[] {
  const breadth = ({ queues }: ForecastWorker) => (queues.length === 0 ? 1_000 : queues.length);
  return workers
    .map((worker, place) => ({ worker, place }))
    .filter(({ worker }) => executes(worker, job))
    .toSorted((a, b) => breadth(a.worker) - breadth(b.worker) || a.place - b.place)
    .map(({ place }) => place);
}

function executes(worker: ForecastWorker, { queue, kind, runsOn }: ForecastJob): boolean {
  const { queues, kinds, labels } = worker;
  return (
    (queues.length === 0 || queues.includes(queue)) &&
    (kinds.length === 0 || kinds.includes(kind)) &&
    Object.entries(runsOn).every(([name, value]) => labels[name] === value)
  );
}

/** How many runs of a queue can run at once: its own limit, or the slots of the workers that serve it. */
export function slotsOf(
  { name, maxRunning }: { name: string; maxRunning: number },
  workers: readonly ForecastWorker[],
): { slots: number; workerSlots: number } {
  const workerSlots = workers
    .filter(({ queues }) => queues.length === 0 || queues.includes(name))
    .reduce((sum, { slots }) => sum + slots, 0);
  return { slots: workerSlots === 0 ? maxRunning : Math.min(maxRunning, workerSlots), workerSlots };
}
