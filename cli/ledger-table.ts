import type { Actor } from '#core/auth/permissions.ts';
import { findJob } from '#core/jobs/find-job.ts';
import { type LedgerSums, readLedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import type { PeriodSum } from '#core/ledger-sums/sum-periods.ts';
import { BUCKETS, sumOf } from '#core/runs/outcomes.ts';
import { PERIODS } from '#core/schedules/periods.ts';
import { checkTimeZone } from '#core/schedules/zone-names.ts';
import { CommandProblem, EXIT, inInstallation } from './installation.ts';
import { readInstant } from './instants.ts';

export type LedgerOptions = {
  by: string;
  from?: string;
  to?: string;
  timezone?: string;
  as?: string;
  json?: boolean;
};

/** Adds up and prints: a period a line, the newest first, then the sum, then who doesn't add up. */
export async function printLedger(key: string | undefined, options: LedgerOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const timeZone = options.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    const sums = await sumsFor(actor, key, options, timeZone);
    const text = options.json ? JSON.stringify(sums) : linesOf(sums, timeZone).join('\n');
    process.stdout.write(`${text}\n`);
    return sums.unevenCount === 0 ? EXIT.yes : EXIT.no;
  });
}

async function sumsFor(
  actor: Actor,
  key: string | undefined,
  { by: asked, from, to }: LedgerOptions,
  timeZone: string,
): Promise<LedgerSums> {
  const by = PERIODS.find((period) => period === asked);
  if (!by) throw new CommandProblem(`--by ${asked} is no period. Choose ${PERIODS.join(', ')}.`);
  const problem = checkTimeZone(timeZone);
  if (problem !== null) throw new CommandProblem(problem);
  const job = key === undefined ? null : await findJob(actor, key);
  if (job && !job.ok) throw new CommandProblem(job.refusal.message);
  const now = new Date();
  const sums = await readLedgerSums(actor, {
    by,
    timeZone,
    ...(job && { jobId: job.value.jobId }),
    ...(from !== undefined && { from: readInstant('--from', from, now) }),
    ...(to !== undefined && { to: readInstant('--to', to, now) }),
  });
  if (!sums.ok) throw new CommandProblem(sums.refusal.message);
  return sums.value;
}

function linesOf(sums: LedgerSums, timeZone: string): string[] {
  const rows = [
    [sums.by, 'expected', ...BUCKETS, ''],
    ...sums.periods.map((period) => [nameOf(period.from, sums.by, timeZone), ...cells(period)]),
    ['all', ...cells(sums.sum)],
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const table = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  return [
    `Ticks from ${sums.from} up to ${sums.to}, by the clock of ${timeZone}`,
    '',
    ...table,
    '',
    ...(sums.unevenCount === 0 ? ['Every tick is accounted for.'] : unevenLines(sums)),
  ];
}

function cells({ expected, buckets, unevenJobs }: PeriodSum): string[] {
  return [
    number(expected),
    ...BUCKETS.map((bucket) => number(buckets[bucket])),
    unevenJobs > 0 ? 'MISMATCH' : expected === 0 && sumOf(buckets) === 0 ? '' : 'ok',
  ];
}

function unevenLines({ uneven, unevenCount }: LedgerSums): string[] {
  const lines = uneven.flatMap(({ key, from, to, missing, tooMany }) => {
    const astray = [
      ...(missing > 0 ? [`${number(missing)} missing`] : []),
      ...(tooMany > 0 ? [`${number(tooMany)} too many`] : []),
    ];
    const until = new Date(Math.ceil(Date.parse(to) / 1_000) * 1_000).toISOString();
    return [
      `${key}: ${astray.join(', ')}`,
      `  npm run punctual -- audit-ticks --job ${key} --from ${from} --to ${until}`,
    ];
  });
  const more = unevenCount - uneven.length;
  return [
    `${number(unevenCount)} ${unevenCount === 1 ? 'job doesn’t' : 'jobs don’t'} add up:`,
    ...lines,
    ...(more > 0 ? [`and ${number(more)} more`] : []),
  ];
}

const LENGTHS = { hour: 16, day: 10, month: 7 } as const;

/** `2026-03-09 08:00`, `2026-03-09`, `2026-03`. */
function nameOf(from: string, by: LedgerSums['by'], timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return format.format(new Date(from)).slice(0, LENGTHS[by]);
}

const number = (value: number) => value.toLocaleString('en');
