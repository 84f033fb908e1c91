// The checker: ticks ↔ ledger ↔ executions ↔ log lines. It trusts nothing that the product says of itself.
import { type Acknowledged, unkept } from './acknowledged.ts';
import { expectedTicks, type Fires } from './expected.ts';
import type { Entry } from './record.ts';
import type { Standing, StandingRun } from './stands.ts';

export type CheckedJob = {
  key: string;
  /** Null: it has no schedule. */
  fires: Fires | null;
  timeZone?: string;
  /** Ticks after this are expected, epoch ms. */
  since: number;
  /** Ticks after this aren't; default: up to the check. */
  until?: number;
  /** No two of its runs may live at once. */
  isExclusive: boolean;
  mayRunTwice: boolean;
  /** Left out: its script ends well, whenever it is left alone. */
  mayFail?: boolean;
  /** Its script is `recordingScript`, whose beats are the lines that it printed. */
  printsBeats: boolean;
};

export type Evidence = {
  jobs: readonly CheckedJob[];
  record: readonly Entry[];
  standing: Standing;
  acknowledged: Acknowledged;
  /** Ticks up to this instant must have an end by now, epoch ms. */
  until: number;
};

export type Verdict = {
  /** Ticks that the schedules should have fired. */
  expected: number;
  /** Ticks whose process began. */
  ran: number;
  /** What happened twice, or at once where it may not. */
  doubled: string[];
  /** What should stand in the ledger and doesn't, or stands there and didn't happen. */
  unaccounted: string[];
  /** Lines that were stored and then weren't, or printed by a run that succeeded and never stored. */
  linesLost: number;
  /** Where. */
  lost: string[];
};

/** Holds what happened against what should have and what stands. */
export function check(evidence: Evidence): Verdict {
  const verdict: Verdict = {
    expected: 0,
    ran: 0,
    doubled: [],
    unaccounted: [],
    linesLost: 0,
    lost: [],
  };
  for (const job of evidence.jobs) {
    const runs = evidence.standing.runs.filter((run) => run.job === job.key);
    const record = evidence.record.filter((entry) => entry.job === job.key);
    checkTicks(job, runs, record, evidence, verdict);
    checkExecutions(job, runs, record, evidence.standing, verdict);
    checkEnds(job, runs, record, evidence, verdict);
    if (job.isExclusive) verdict.doubled.push(...overlapsIn(record, ({ job: key }) => key));
  }
  for (const { where, how, lines } of unkept(evidence.acknowledged, evidence.standing.chunks)) {
    verdict.linesLost += lines;
    verdict.lost.push(`part ${where} of a log is ${how}`);
  }
  return verdict;
}

/** Every expected tick is one row or lies in one gap, and no other tick is there. */
function checkTicks(
  job: CheckedJob,
  runs: readonly StandingRun[],
  record: readonly Entry[],
  { standing, until: end }: Evidence,
  verdict: Verdict,
): void {
  const until = Math.min(end, job.until ?? Infinity);
  const { since: after, timeZone = 'UTC' } = job;
  const expected = job.fires ? expectedTicks(job.fires, { after, until, timeZone }) : [];
  const gaps = standing.gaps.filter((gap) => gap.job === job.key);
  const rows = new Map<number, StandingRun[]>();
  for (const run of runs) {
    if (run.trigger === 'tick' && run.at > after && run.at <= until) {
      rows.set(run.at, [...(rows.get(run.at) ?? []), run]);
    }
  }
  const started = new Set(record.filter(({ what }) => what === 'start').map(({ run }) => run));
  for (const tick of expected) {
    const mine = rows.get(tick) ?? [];
    const inGaps = gaps.filter((gap) => gap.from <= tick && tick < gap.until).length;
    const name = `the tick of ${job.key} at ${new Date(tick).toISOString()}`;
    if (mine.length + inGaps === 0) verdict.unaccounted.push(`${name} stands nowhere`);
    if (mine.length + inGaps > 1) {
      verdict.doubled.push(`${name} stands in ${mine.length} rows and ${inGaps} gaps`);
    }
    if (mine.some(({ id }) => started.has(id))) verdict.ran += 1;
    rows.delete(tick);
  }
  for (const at of rows.keys()) {
    const name = `a tick of ${job.key} at ${new Date(at).toISOString()}`;
    verdict.unaccounted.push(`${name} stands in the ledger, and nothing asked for it`);
  }
  verdict.expected += expected.length;
}

/** Every execution belongs to a row, began once, in the order of its attempts, and under one attempt at a time. */
function checkExecutions(
  job: CheckedJob,
  runs: readonly StandingRun[],
  record: readonly Entry[],
  standing: Standing,
  verdict: Verdict,
): void {
  const known = new Map(runs.map((run) => [run.id, run]));
  const attempts = new Set(standing.attempts.map(nameOfAttempt));
  const starts = record.filter(({ what }) => what === 'start');
  const startsOfRun = Map.groupBy(starts, ({ run }) => run);
  const seen = new Set<string>();
  const latest = new Map<number, number>();
  for (const start of starts) {
    const name = nameOf(start);
    const run = known.get(start.run);
    if (seen.has(name)) verdict.doubled.push(`${name} of ${job.key} began twice`);
    seen.add(name);
    const before = latest.get(start.run) ?? 0;
    if (start.attempt < before) {
      verdict.doubled.push(`${name} of ${job.key} began after attempt ${before} had`);
    }
    latest.set(start.run, Math.max(start.attempt, before));
    if (!run) {
      verdict.unaccounted.push(`${name} of ${job.key} was executed and stands nowhere`);
      continue;
    }
    if (run.standsFor !== start.told) {
      verdict.unaccounted.push(`${name} was told another time than its row has`);
    }
    if (isOver(run) && !attempts.has(nameOfAttempt({ run: run.id, number: start.attempt }))) {
      verdict.unaccounted.push(`${name} was executed, and no row says what became of it`);
    }
  }
  if (!job.mayRunTwice) {
    for (const [run, { length }] of startsOfRun) {
      if (length > 1) verdict.doubled.push(`run ${run} of ${job.key} began ${length} times`);
    }
  }
  for (const ofRun of Map.groupBy(record, ({ run }) => run).values()) {
    verdict.doubled.push(...overlapsIn(ofRun, ({ run }) => String(run)));
  }
}

/** Every row has an end by now, and what it says of a success happened, with all its lines. */
function checkEnds(
  job: CheckedJob,
  runs: readonly StandingRun[],
  record: readonly Entry[],
  { standing, until }: Evidence,
  verdict: Verdict,
): void {
  const ofAttempt = Map.groupBy(record, nameOf);
  const chunks = Map.groupBy(standing.chunks, ({ run }) => run);
  for (const run of runs) {
    if (!isOver(run)) {
      if (run.at <= until) verdict.unaccounted.push(`run ${run.id} of ${job.key} is ${run.state}`);
      continue;
    }
    if (!job.mayFail && (run.state === 'failed' || run.state === 'timed_out')) {
      verdict.unaccounted.push(
        `run ${run.id} of ${job.key} is ${run.state}, and it can’t: ${run.cause}`,
      );
    }
    if (run.state !== 'succeeded') continue;
    const entries = ofAttempt.get(nameOf({ run: run.id, attempt: run.attempt })) ?? [];
    if (!entries.some(({ what }) => what === 'end')) {
      verdict.unaccounted.push(
        `run ${run.id} of ${job.key} has succeeded, and never came to its end`,
      );
    }
    if (!job.printsBeats) continue;
    const printed = entries.filter(({ what }) => what === 'beat').length;
    const ofRun = chunks.get(run.id) ?? [];
    const stored = linesOf(ofRun.filter(({ attempt }) => attempt === run.attempt));
    for (let line = 1; line <= printed; line++) {
      if (stored[line - 1] === `line ${line} of attempt ${run.attempt}`) continue;
      verdict.linesLost += 1;
      verdict.lost.push(`line ${line} of run ${run.id} isn’t where it belongs`);
    }
    if (stored.length > printed) {
      verdict.doubled.push(
        `run ${run.id} printed ${printed} lines, and ${stored.length} are stored`,
      );
    }
  }
}

/**
 * Where two attempts lived at once under one key, in words: an attempt lives from its first line to its last, so that
 * the lines of one key's attempts must not interleave.
 */
export function overlapsIn(record: readonly Entry[], keyOf: (entry: Entry) => string): string[] {
  const over = new Set<string>();
  const current = new Map<string, string>();
  const found = new Set<string>();
  for (const entry of record) {
    const name = nameOf(entry);
    const before = current.get(keyOf(entry));
    if (before !== undefined && before !== name) over.add(before);
    if (over.has(name)) found.add(`${name} of ${entry.job} went on after ${before} had begun`);
    current.set(keyOf(entry), name);
  }
  return [...found];
}

/** The lines that a run wrote to standard output, from the stored parts in their order. */
function linesOf(chunks: readonly { body: string }[]): string[] {
  const lines: string[] = [];
  for (const record of chunks.flatMap(({ body }) => body.split('\n'))) {
    const [, letter, text] = /^([a-zA-Z])\S* (.*)$/.exec(record) ?? [];
    if (letter === 'o') lines.push(text!);
    if (letter === 'O') lines.push(`${lines.pop() ?? ''}${text}`);
  }
  return lines;
}

const nameOf = ({ run, attempt }: { run: number; attempt: number }) =>
  `run ${run} attempt ${attempt}`;
const nameOfAttempt = ({ run, number }: { run: number; number: number }) => `${run}/${number}`;
const isOver = ({ state }: StandingRun) => state !== 'queued' && state !== 'running';
