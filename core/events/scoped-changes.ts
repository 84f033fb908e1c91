import type { Scope } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import type { Change } from './events.ts';
import { PendingChanges, type StreamMessage } from './merge.ts';

type Labels = Readonly<Record<string, string>>;

/** The labels of the jobs that ids are of; what is gone isn't among them. */
export type LabelsOf = (
  topic: Change['topic'],
  ids: readonly number[],
) => Promise<ReadonlyMap<number, Labels>>;

/** What a stream with this scope is told of a change. */
type ToldTo = (scope: NonNullable<Scope>) => StreamMessage[];

/** So long changes are gathered, so that labels are asked for at most so often, however many streams there are. */
const GATHER_MS = 50;

/**
 * The changes for streams of people who may know of some jobs only: ids of what lies outside aren't told. Who runs how
 * many in a queue is for everybody, so that something ran is.
 */
export class ScopedChanges {
  readonly #labelsOf: LabelsOf;
  readonly #tell: (toldTo: ToldTo) => void;
  readonly #pending = new PendingChanges();
  #timer: NodeJS.Timeout | undefined;
  #isTelling = false;
  /** Something changed while the labels were asked for. */
  #hasMore = false;

  constructor(labelsOf: LabelsOf, tell: (toldTo: ToldTo) => void) {
    this.#labelsOf = labelsOf;
    this.#tell = tell;
  }

  add(change: Change): void {
    this.#pending.add(change);
    if (this.#isTelling) this.#hasMore = true;
    else this.#timer ??= setTimeout(() => void this.#tellAll(), GATHER_MS).unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    this.#hasMore = false;
    const changes: StreamMessage[] = [];
    for (let next = this.#pending.take(); next; next = this.#pending.take()) changes.push(next);
    try {
      for (const change of changes) {
        const labels = await this.#known(change);
        this.#tell((scope) => seenBy(scope, change, labels));
      }
    } finally {
      this.#isTelling = false;
      this.#timer = this.#hasMore
        ? setTimeout(() => void this.#tellAll(), GATHER_MS).unref()
        : undefined;
    }
  }

  /** Null: the change is told without ids, since it has none, or nobody can be asked. */
  async #known({ topic, ids }: StreamMessage): Promise<ReadonlyMap<number, Labels> | null> {
    if (ids.length === 0 || !(topic === 'run' || topic === 'log' || topic === 'job')) return null;
    return this.#labelsOf(topic, ids).catch(() => null);
  }
}

export function seenBy(
  scope: NonNullable<Scope>,
  { topic, ids }: StreamMessage,
  labels: ReadonlyMap<number, Labels> | null,
): StreamMessage[] {
  if (topic === '*') return [{ topic, ids: [] }];
  if (labels === null) return [{ topic, ids: [] }];
  const own = ids.filter((id) => isIn(scope, labels.get(id)));
  // A job may have left the scope: its lists are looked at again.
  if (topic === 'job') return [{ topic, ids: own.length < ids.length ? [] : own }];
  return [
    ...(own.length > 0 ? [{ topic, ids: own }] : []),
    ...(own.length < ids.length && topic === 'run' ? [{ topic: 'queue' as const, ids: [] }] : []),
  ];
}

const isIn = (scope: NonNullable<Scope>, labels: Labels | undefined) =>
  labels !== undefined &&
  scope.some((asked) =>
    Object.entries(asked).every(
      ([name, value]) => Object.hasOwn(labels, name) && labels[name] === value,
    ),
  );

/** Of the database. */
export const labelsIn =
  (sql: () => Sql): LabelsOf =>
  async (topic, ids) => {
    const rows = await sql()<{ id: number; labels: Labels }>(
      topic === 'job' ? LABELS_OF_JOBS : LABELS_OF_RUNS,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row.labels]));
  };

const LABELS_OF_JOBS = 'SELECT id, labels FROM job WHERE id = ANY ($1::int[])';

const LABELS_OF_RUNS = `
SELECT r.id, j.labels FROM run r JOIN job j ON j.id = r.job_id
 WHERE r.id = ANY ($1::bigint[]) AND r.is_live IN (true, false)`;
