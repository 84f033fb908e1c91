import { z } from 'zod';
import { type Actor, authorize } from '../auth/permissions.ts';
import { type Sql, sqlOf } from '../db.ts';
import { findJob } from '../jobs/find-job.ts';
import { hideValues, sensitiveIn } from '../jobs/hidden-parameters.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { decodePieces, type LogStream } from '../logs/codec.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { placeFor } from './archive.ts';
import { type Manifest, monthFolder, type Part, readManifest } from './manifest.ts';
import { type MonthRow, readArchiveState, readMonths } from './months.sql.ts';
import { linesOf } from './packing.ts';
import { type ArchivePlace, ArchiveProblem } from './place.ts';
import { nextMonth } from './staging.sql.ts';

/** A row of the archive, with the columns of the ledger's own tables; or a piece of a line of a log. */
export type ArchiveRow =
  | { kind: 'run' | 'attempt' | 'gap'; row: Record<string, unknown> }
  | { kind: 'log'; runId: number; line: number; at: string; stream: LogStream; text: string };

export type ArchiveReading = {
  /** Months of the stretch that were read, and those of it that were dropped without an archive. */
  months: string[];
  notArchived: string[];
  rows: number;
};

export type ReadArchive = {
  key: string;
  from: Date;
  to: Date;
  /** Asked for with it: attempts and the lines of logs as well. */
  logs: boolean;
};

/**
 * Runs and gaps of a job straight from the archive, in the order of their ids, whether its months are in the ledger as well
 * or not. Nothing is loaded.
 *
 * @param onRow is waited for, so that a slow reader holds up the reading
 * @throws ArchiveProblem where the archive can't be read, or isn't whole
 */
export async function readArchive(
  actor: Actor,
  { key, from, to, logs }: ReadArchive,
  onRow: (row: ArchiveRow) => void | Promise<void>,
): Promise<Outcome<ArchiveReading>> {
  if (from >= to) return refuse('invalid', 'The stretch ends before it begins. Give a later end.');
  const job = await findJob(actor, key);
  if (!job.ok) return job;
  const sql = sqlOf(webPool());
  for (const permission of ['run:read', ...(logs ? (['log:read'] as const) : [])] as const) {
    if (!(await isJobFor(sql, actor, permission, job.value.jobId))) authorize(actor, permission);
  }
  const { uuid } = await readArchiveState(sql);
  const inStretch = (await readMonths(sql))
    .filter(({ month }) => monthStart(month) < to && monthStart(nextMonth(month)) > from)
    .toReversed();
  const hide = await hiderFor(sql, actor, job.value.jobId);
  const reading: ArchiveReading = { months: [], notArchived: [], rows: 0 };
  for (const row of inStretch) {
    if (row.archivedAt === null) {
      reading.notArchived.push(row.month);
      continue;
    }
    const month = new MonthReader(await placeFor(row), uuid, row, {
      jobId: job.value.jobId,
      from,
      to,
    });
    for await (const found of month.rows(logs)) {
      reading.rows += 1;
      await onRow(found.kind === 'run' ? { ...found, row: hide(found.row) } : found);
    }
    reading.months.push(row.month);
  }
  return done(reading);
}

const monthStart = (month: string) => new Date(`${month}-01T00:00:00Z`);

/** Values of sensitive parameters stand in the archive as they stood in the ledger. */
async function hiderFor(sql: Sql, actor: Actor, jobId: number) {
  const [job] = await sql<{ labels: Record<string, string> }>(
    'SELECT labels FROM job WHERE id = $1::int',
    [jobId],
  );
  const revisions = await sql<{ number: number; definition: unknown }>(
    'SELECT number, definition FROM revision WHERE job_id = $1::int',
    [jobId],
  );
  const sensitive = new Map(
    revisions.map(({ number, definition }) => [number, sensitiveIn(definition)]),
  );
  return (row: Record<string, unknown>): Record<string, unknown> => ({
    ...row,
    parameters: hideValues(
      actor,
      { labels: job?.labels ?? {} },
      sensitive.get(Number(row['revision'])) ?? null,
      row['parameters'] as Record<string, unknown> | null,
    ),
  });
}

const Row = z.record(z.string(), z.unknown());

class MonthReader {
  readonly #place: ArchivePlace;
  readonly #uuid: string;
  readonly #month: Pick<MonthRow, 'month'>;
  readonly #asked: { jobId: number; from: Date; to: Date };

  constructor(
    place: ArchivePlace,
    uuid: string,
    month: Pick<MonthRow, 'month'>,
    asked: { jobId: number; from: Date; to: Date },
  ) {
    this.#place = place;
    this.#uuid = uuid;
    this.#month = month;
    this.#asked = asked;
  }

  async *rows(logs: boolean): AsyncGenerator<ArchiveRow> {
    const { jobId, from, to } = this.#asked;
    const read = await readManifest(this.#place, this.#uuid, this.#month.month);
    if (!read) throw new ArchiveProblem(`${this.#month.month} has no manifest any more.`);
    const { manifest } = read;
    for await (const row of this.#content(manifest, 'gaps')) {
      if (row['job_id'] === jobId && touches(String(row['span']), from, to))
        yield { kind: 'gap', row };
    }
    const ids = new Set<number>();
    for await (const row of this.#content(manifest, 'runs')) {
      const at = new Date(String(row['scheduled_for']));
      if (row['job_id'] !== jobId || at < from || at >= to) continue;
      ids.add(Number(row['id']));
      yield { kind: 'run', row };
    }
    if (!logs || ids.size === 0) return;
    const sorted = [...ids];
    const [first, last] = [sorted[0]!, sorted.at(-1)!];
    const isNear = (part: Part) => part.firstId <= last && part.lastId >= first;
    for await (const row of this.#content(manifest, 'attempts', isNear)) {
      if (ids.has(Number(row['run_id']))) yield { kind: 'attempt', row };
    }
    for await (const row of this.#content(manifest, 'logs', isNear)) {
      if (ids.has(Number(row['run_id']))) yield* piecesOf(row);
    }
  }

  async *#content(
    manifest: Manifest,
    content: Part['content'],
    isAsked: (part: Part) => boolean = () => true,
  ): AsyncGenerator<Record<string, unknown>> {
    for (const part of manifest.parts) {
      if (part.content !== content || !isAsked(part)) continue;
      const folder = monthFolder(this.#uuid, manifest.month);
      for await (const lines of linesOf(this.#place, folder, part)) {
        for (const line of lines) yield Row.parse(JSON.parse(line));
      }
    }
  }
}

function touches(span: string, from: Date, to: Date): boolean {
  const [begin, end] = span
    .replaceAll(/["[)]/g, '')
    .split(',')
    .map((text) => new Date(text));
  return begin! < to && end! > from;
}

function* piecesOf(row: Record<string, unknown>): Generator<ArchiveRow> {
  const runId = Number(row['run_id']);
  for (const piece of decodePieces(String(row['body']), Number(row['first_line']))) {
    const { line, atMs, stream, text } = piece;
    yield { kind: 'log', runId, line, at: new Date(atMs).toISOString(), stream, text };
  }
}
