// The recorder: what really ran, written by the jobs' own processes and by nothing else. It stands outside of the product:
// nothing in this folder imports from it.
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** One line that a job's process appended. The order of lines in the file is the order in which things happened. */
export type Entry = {
  job: string;
  run: number;
  attempt: number;
  /** Process id of the worker that started it: with the attempt's number, the fence. */
  worker: number;
  /** The tick or the time of the request that it was told, epoch ms. */
  told: number;
  what: 'start' | 'beat' | 'end';
  /** By the host's clock, epoch ms. */
  at: number;
};

type Beats = {
  /** How often it says that it lives, every 50 ms (after the first 60: every 500 ms), before it ends. */
  beats: number;
  /** The same for attempts after the first. */
  later?: number;
};

/** The shell function `rec`, which appends one line: `rec start`. */
export function recordingHead(file: string): string {
  return (
    'rec() { echo "$PUNCTUAL_JOB_KEY $PUNCTUAL_RUN_ID $PUNCTUAL_ATTEMPT $PPID $PUNCTUAL_TICK $1 $(date +%s%3N)" ' +
    `>> ${file}; }`
  );
}

// What lives for minutes beats slower from then on: forty processes a second for each would be a load of their own.
const QUICK_BEATS = 60;

/** How many beats last so long. */
export const beatsIn = (ms: number) =>
  Math.ceil(Math.min(ms / 50, QUICK_BEATS) + Math.max(0, ms - 50 * QUICK_BEATS) / 500);

/** A shell script that records `start`, beats and `end`, and prints one numbered line a beat. */
export function recordingScript(file: string, { beats, later = beats }: Beats): string {
  return `${recordingHead(file)}
beats=${beats}; [ $PUNCTUAL_ATTEMPT -gt 1 ] && beats=${later}
rec start
i=0
pause=0.05
while [ $i -lt $beats ]; do
  i=$((i+1)); echo "line $i of attempt $PUNCTUAL_ATTEMPT"; [ $i -gt ${QUICK_BEATS} ] && pause=0.5
  sleep $pause; rec beat
done
rec end`;
}

/** How far each file has been read: a record of an hour is long, and is asked for many times a second. */
const known = new Map<string, { bytes: number; entries: Entry[] }>();

/** All lines so far; a last one that is still being written is left out. */
export function readRecord(file: string): Entry[] {
  if (!existsSync(file)) return [];
  const read = known.get(file) ?? { bytes: 0, entries: [] };
  known.set(file, read);
  const text = textFrom(file, read.bytes);
  const end = text.lastIndexOf('\n') + 1;
  for (const line of text.slice(0, end).split('\n')) read.entries.push(...parsed(line));
  read.bytes += Buffer.byteLength(text.slice(0, end));
  return [...read.entries];
}

function textFrom(file: string, start: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(fstatSync(descriptor).size - start);
    const size = readSync(descriptor, buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, size);
  } finally {
    closeSync(descriptor);
  }
}

function parsed(line: string): Entry[] {
  const [job, run, attempt, worker, told, what, at] = line.split(' ');
  if (!job || !told || (what !== 'start' && what !== 'beat' && what !== 'end')) return [];
  return [
    {
      job,
      run: Number(run),
      attempt: Number(attempt),
      worker: Number(worker),
      told: Date.parse(told),
      what,
      at: Number(at),
    },
  ];
}
