import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** One line that a job's process appended. */
export type Entry = { job: string; run: number; attempt: number; what: string };

export type Recorder = {
  /** A script that records `start`, then one `beat` each 50 ms, then `end`; `later` is for attempts after the first. */
  script(beats: number, later?: number): string;
  /** The shell function `rec` for a script of the test's own: `rec start`. */
  head: string;
  entries(): Entry[];
};

/**
 * A record outside of Punctual: each test job appends to one file, opened for append, so the order of its lines is the
 * order in which things happened, whatever the ledger says.
 */
export function startRecorder(): Recorder {
  const folder = mkdtempSync(path.join(tmpdir(), 'punctual-recorder-'));
  const file = path.join(folder, 'record');
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const head = `rec() { echo "$PUNCTUAL_JOB_KEY $PUNCTUAL_RUN_ID $PUNCTUAL_ATTEMPT $1" >> ${file}; }`;
  return {
    head,
    script: (beats, later = beats) => `${head}
beats=${beats}; [ $PUNCTUAL_ATTEMPT -gt 1 ] && beats=${later}
rec start
i=0
while [ $i -lt $beats ]; do sleep 0.05; rec beat; i=$((i+1)); done
rec end`,
    entries: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').flatMap(parsed) : []),
  };
}

function parsed(line: string): Entry[] {
  const [job, run, attempt, what] = line.split(' ');
  return job && what ? [{ job, run: Number(run), attempt: Number(attempt), what }] : [];
}

const nameOf = ({ run, attempt }: Entry) => `run ${run} attempt ${attempt}`;

/**
 * Where two attempts of one job were alive at once, in words: an attempt lives from its first line to its last, so the
 * lines of a job's attempts must not interleave.
 */
export function overlapsIn(entries: readonly Entry[]): string[] {
  const over = new Set<string>();
  const current = new Map<string, string>();
  const found = new Set<string>();
  for (const entry of entries) {
    const name = nameOf(entry);
    const before = current.get(entry.job);
    if (before !== undefined && before !== name) over.add(before);
    if (over.has(name)) found.add(`${name} went on after ${before} of ${entry.job} had begun`);
    current.set(entry.job, name);
  }
  return [...found];
}

/** Attempts that were started more than once. */
export function doubleStartsIn(entries: readonly Entry[]): string[] {
  const starts = entries.filter(({ what }) => what === 'start').map(nameOf);
  return starts.filter((name, index) => starts.indexOf(name) !== index);
}

/** The most attempts that were alive at one moment. */
export function mostAtOnce(entries: readonly Entry[]): number {
  const last = new Map(entries.map((entry, index) => [nameOf(entry), index]));
  const alive = new Set<string>();
  let most = 0;
  entries.forEach((entry, index) => {
    alive.add(nameOf(entry));
    most = Math.max(most, alive.size);
    if (last.get(nameOf(entry)) === index) alive.delete(nameOf(entry));
  });
  return most;
}
