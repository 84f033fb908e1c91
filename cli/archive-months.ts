import {
  type ArchiveList,
  listArchive,
  restoreMonth,
  stopArchiving,
  verifyArchive,
} from '#core/archive/archive.ts';
import type { MonthRow } from '#core/archive/months.sql.ts';
import { ArchiveProblem } from '#core/archive/place.ts';
import type { VerifiedMonth } from '#core/archive/verify-month.ts';
import {
  CommandProblem,
  EXIT,
  type Exit,
  type Installation,
  inInstallation,
} from './installation.ts';

export type ArchiveOptions = { as?: string; json?: boolean };
export type RestoreMonthOptions = ArchiveOptions & { days: string };

/** Runs a command's work with problems of the archive as sentences. */
export async function withArchive(
  options: ArchiveOptions,
  work: (installation: Installation) => Promise<Exit>,
): Promise<void> {
  await inInstallation(options, async (installation) => {
    try {
      return await work(installation);
    } catch (error) {
      if (error instanceof ArchiveProblem)
        throw new CommandProblem(error.message, { cause: error });
      throw error;
    }
  });
}

/** Prints a month a line. */
export async function listMonths(options: ArchiveOptions): Promise<void> {
  await withArchive(options, async ({ actor }) => {
    const list = await listArchive(actor);
    if (options.json) console.log(JSON.stringify(list));
    else for (const line of linesOf(list)) console.log(line);
    return EXIT.yes;
  });
}

function linesOf({ place, failingSince, failure, months }: ArchiveList): string[] {
  const where =
    place === null
      ? 'Months are dropped without an archive: PUNCTUAL_ARCHIVE is not set on any worker.'
      : `Months go to ${place} before they are dropped.`;
  const trouble =
    failingSince === null
      ? []
      : [`It can’t be used since ${failingSince.toISOString()}, and no month goes: ${failure}`];
  if (months.length === 0) return [where, ...trouble, 'No month was archived or dropped so far.'];
  const rows = [
    ['month', 'runs', 'attempts', 'gaps', 'stored', ''],
    ...months.map((month) => [
      month.month,
      count(month.runs),
      count(month.attempts),
      count(month.gaps),
      month.storedBytes === null ? '–' : `${(month.storedBytes / 1e6).toFixed(1)} MB`,
      wordsOf(month),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return [
    where,
    ...trouble,
    '',
    ...rows.map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === 5
            ? cell.padEnd(widths[column]!)
            : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    ),
  ];
}

const count = (value: number | null) => (value === null ? '–' : value.toLocaleString('en'));

function wordsOf({ archivedAt, droppedAt, restoredUntil, archive }: MonthRow): string {
  if (restoredUntil) return `in the archive, and back until ${restoredUntil.toISOString()}`;
  if (archivedAt && droppedAt) return `in the archive (${archive})`;
  if (archivedAt) return `in the archive (${archive}), and in the ledger still`;
  return `dropped on ${droppedAt!.toISOString().slice(0, 10)}, without an archive`;
}

/** Prints what is known of each month as soon as it is. */
export async function verifyMonths(
  month: string | undefined,
  options: ArchiveOptions,
): Promise<void> {
  await withArchive(options, async ({ actor }) => {
    const verified: VerifiedMonth[] = [];
    const outcome = await verifyArchive(actor, { month }, (each) => {
      verified.push(each);
      if (!options.json) for (const line of verifiedLines(each)) console.log(line);
    });
    if (!outcome.ok) throw new CommandProblem(outcome.refusal.message);
    const { months, damaged } = outcome.value;
    if (options.json) console.log(JSON.stringify({ months: verified }));
    else if (months === 0) console.log('There is nothing in the archive yet.');
    else if (damaged === 0) console.log('All of it is as it was written.');
    else console.log(`${damaged} of ${months} months ${damaged === 1 ? 'is' : 'are'} damaged.`);
    return damaged === 0 ? EXIT.yes : EXIT.no;
  });
}

function verifiedLines({ month, parts, rows, bytes, problems }: VerifiedMonth): string[] {
  if (problems.length > 0) return [`${month}  DAMAGED`, ...problems.map((each) => `  ${each}`)];
  return [
    `${month}  ok  ${count(rows.runs)} runs, ${count(rows.attempts)} attempts, ${count(rows.gaps)} gaps, ` +
      `${count(rows.logs)} pieces of logs in ${count(parts)} parts (${(bytes / 1e6).toFixed(1)} MB)`,
  ];
}

export async function restoreMonths(month: string, options: RestoreMonthOptions): Promise<void> {
  await withArchive(options, async ({ actor }) => {
    const outcome = await restoreMonth(actor, { month, days: Number(options.days) }, tellProgress);
    if (!outcome.ok) throw new CommandProblem(outcome.refusal.message);
    const { until, rows } = outcome.value;
    console.log(
      options.json
        ? JSON.stringify({ month, until, rows })
        : `${month} is back with ${count(rows)} rows, until ${until.toISOString()}. Nothing of it runs again.`,
    );
    return EXIT.yes;
  });
}

function tellProgress(done: number, all: number): void {
  if (!process.stderr.isTTY || done === all) return;
  process.stderr.write(`  ${count(done)} of ${count(all)} rows…\r`);
}

export async function switchOff(options: ArchiveOptions): Promise<void> {
  await withArchive(options, async ({ actor }) => {
    const outcome = await stopArchiving(actor);
    if (!outcome.ok) throw new CommandProblem(outcome.refusal.message);
    const { isChanged } = outcome.value;
    if (options.json) console.log(JSON.stringify({ isChanged }));
    else if (!isChanged) console.log('Months were dropped without an archive before.');
    else {
      console.log(
        'Months are dropped without an archive from now on. A worker that starts with PUNCTUAL_ARCHIVE switches it on again.',
      );
    }
    return EXIT.yes;
  });
}
