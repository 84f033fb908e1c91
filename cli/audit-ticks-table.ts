import {
  auditTicks,
  type AuditedJob,
  type Finding,
  type TickAudit,
} from '#core/audit-ticks/audit-ticks.ts';
import { type BucketCounts, BUCKETS, sumOf } from '#core/runs/outcomes.ts';
import { CommandProblem, EXIT, inInstallation } from './installation.ts';
import { readInstant } from './instants.ts';

export type AuditOptions = {
  job?: string;
  from: string;
  to?: string;
  as?: string;
  json?: boolean;
};

/** Audits and prints: a job a line, what was found, and the sum. */
export async function printAudit(options: AuditOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const now = new Date();
    const input = {
      key: options.job ?? null,
      from: readInstant('--from', options.from, now),
      ...(options.to === undefined ? {} : { to: readInstant('--to', options.to, now) }),
    };
    const audit = await auditTicks(actor, input, tellProgress);
    if (!audit.ok) throw new CommandProblem(audit.refusal.message);
    const text = options.json ? JSON.stringify(audit.value) : tableOf(audit.value).join('\n');
    process.stdout.write(`${text}\n`);
    return audit.value.isEven ? EXIT.yes : EXIT.no;
  });
}

function tellProgress(done: number, all: number): void {
  if (!process.stderr.isTTY || done === all) return;
  process.stderr.write(`  ${number(done)} of ${number(all)} jobs…\r`);
}

const COLUMNS = ['expected', ...BUCKETS] as const;

function tableOf({ from, to, jobs, sum, isEven }: TickAudit): string[] {
  const rows = [
    ['job', ...COLUMNS, ''],
    ...jobs.map((job) => [nameOf(job), ...countsOf(job.expected, job.buckets), markOf(job)]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
  const parts = BUCKETS.map((bucket) => `${bucket} ${number(sum.buckets[bucket])}`);
  const wrong = jobs.filter((job) => !job.isEven);
  return [
    `Ticks from ${from} up to ${to}`,
    '',
    ...(jobs.length > 0 ? lines : ['No job was there in this stretch.']),
    ...wrong.flatMap(findingsOf),
    '',
    `expected ${number(sum.expected)} ${sum.expected === sumOf(sum.buckets) ? '=' : '≠'} ${parts.join(' + ')}`,
    isEven
      ? 'Every tick is accounted for.'
      : `${number(wrong.length)} of ${number(jobs.length)} jobs ${wrong.length === 1 ? 'doesn’t' : 'don’t'} add up.`,
  ];
}

const nameOf = ({ key, isDeleted }: AuditedJob) => (isDeleted ? `${key} (deleted)` : key);
const countsOf = (expected: number, buckets: BucketCounts) => [
  number(expected),
  ...BUCKETS.map((bucket) => number(buckets[bucket])),
];
const markOf = ({ isEven }: AuditedJob) => (isEven ? 'ok' : 'MISMATCH');

function findingsOf(job: AuditedJob): string[] {
  const lines = job.findings.map((finding) => `  ${wordsOf(finding)}`);
  const more = job.findingCount - job.findings.length;
  if (more > 0) lines.push(`  and ${number(more)} more`);
  const difference = job.expected - sumOf(job.buckets);
  if (difference !== 0) {
    const [count, side] = [number(Math.abs(difference)), difference > 0 ? 'fewer' : 'more'];
    lines.push(`  the ledger accounts for ${count} ${side} than the schedule asked for`);
  }
  return ['', `${nameOf(job)}:`, ...lines];
}

function wordsOf(finding: Finding): string {
  switch (finding.kind) {
    case 'missing':
      return finding.ticks === 1
        ? `missing: the tick of ${finding.from} stands in no run and in no gap`
        : `missing: ${number(finding.ticks)} ticks from ${finding.from} to ${finding.to} stand in no run and in no gap`;
    case 'doubled':
      return finding.gap === null
        ? `doubled: the tick of ${finding.at} has ${finding.runs} runs`
        : `doubled: the tick of ${finding.at} has a run and lies in a gap (${finding.gap})`;
    case 'extra':
      return `too much: a run of a tick at ${finding.at}, when the schedule doesn’t fire`;
    case 'gap_count':
      return `wrong count: ${gapWords(finding)} says ${ticks(finding.says)} and holds ${number(finding.is)}`;
    case 'gap_revision':
      return finding.is === 0
        ? `too much: ${gapWords(finding)} says ${ticks(finding.ticks)} of a time when the job wasn’t there`
        : `wrong revision: ${gapWords(finding)} names revision ${finding.says} for ${ticks(finding.ticks)} of revision ${finding.is}`;
    case 'unreadable':
      return `unreadable: this version of Punctual can’t read the schedule of revision ${finding.revision}`;
  }
}

function gapWords({ gap, from, to }: { gap: string; from: string; to: string | null }): string {
  return `the gap (${gap}) from ${from} ${to === null ? 'on' : `to ${to}`}`;
}

const number = (value: number) => value.toLocaleString('en');
const ticks = (count: number) => `${number(count)} ${count === 1 ? 'tick' : 'ticks'}`;
