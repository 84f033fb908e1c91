import { once } from 'node:events';
import { type ArchiveReading, type ArchiveRow, readArchive } from '#core/archive/read-archive.ts';
import { type ArchiveOptions, withArchive } from './archive-months.ts';
import { CommandProblem, EXIT } from './installation.ts';
import { readInstant } from './instants.ts';

export type ReadOptions = ArchiveOptions & {
  job: string;
  from: string;
  to?: string;
  logs?: boolean;
};

/** Prints rows as they come: lines of JSON, or a line a run for people. */
export async function printArchive(options: ReadOptions): Promise<void> {
  await withArchive(options, async ({ actor }) => {
    const now = new Date();
    const asked = {
      key: options.job,
      from: readInstant('--from', options.from, now),
      to: options.to === undefined ? now : readInstant('--to', options.to, now),
      logs: options.logs === true,
    };
    const outcome = await readArchive(actor, asked, (row) =>
      print(options.json ? JSON.stringify(row) : wordsOf(row)),
    );
    if (!outcome.ok) throw new CommandProblem(outcome.refusal.message);
    for (const line of sayWhatWasRead(outcome.value)) console.error(line);
    return EXIT.yes;
  });
}

async function print(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}

/** On standard error: standard output has nothing but rows. */
function sayWhatWasRead({ months, notArchived, rows }: ArchiveReading): string[] {
  return [
    months.length === 0
      ? 'No month of this stretch is in the archive.'
      : `${rows.toLocaleString('en')} rows from ${months.join(', ')}.`,
    ...(notArchived.length > 0
      ? [`Dropped without an archive, and gone: ${notArchived.join(', ')}.`]
      : []),
  ];
}

function wordsOf(found: ArchiveRow): string {
  if (found.kind === 'log') {
    const { runId, line, at, stream, text } = found;
    return `${runId}  ${at}  ${stream === 'stdout' ? ' ' : stream[0]}  ${line}  ${text}`;
  }
  const said = (name: string) => {
    const value = found.row[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (found.kind) {
    case 'gap':
      return `gap   ${said('span')}  ${said('reason')}  ${said('ticks')} ticks  ${said('note')}`.trimEnd();
    case 'attempt':
      return `attempt  ${said('run_id')}/${said('number')}  ${said('started_at')}  ${said('outcome')}  ${said('cause')}`.trimEnd();
    case 'run':
      return `run   ${said('id')}  ${said('scheduled_for')}  ${said('trigger')}  ${said('state')}  ${said('cause') || said('skip_reason')}`.trimEnd();
  }
}
