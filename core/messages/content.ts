import type { Incident } from '../incidents/incident.ts';
import type { IncidentEvent } from './owed.ts';

export type MessageEvent = IncidentEvent | 'summary' | 'test';

/** What a message says, whatever carries it. All of it is plain text: each channel escapes it for where it stands. */
export type MessageContent = {
  event: MessageEvent;
  /** A few words, one line: "nightly-backup failed". */
  title: string;
  /** Sentences, each a line. */
  lines: string[];
  nextStep: string;
  /** Where to look: the run, the job, the list of jobs, or Punctual’s health; null where nobody said the console's address. */
  url: string | null;
  /** What the address shows: "Open the run". */
  urlText: string;
  job: { key: string; owner: string; labels: Record<string, string> } | null;
  incident: {
    id: number;
    kind: Incident['kind'];
    openedAt: Date;
    endedAt: Date | null;
    runs: number;
    missed: number;
    cause: string;
  } | null;
  runId: number | null;
  /** The same at each try, and nowhere else. */
  idempotencyKey: string;
};

/** Everything as text, for channels that know nothing else. */
export function asText({ lines, nextStep, url }: MessageContent): string {
  return [...lines, nextStep, url ?? ''].filter((line) => line !== '').join('\n');
}

/** The same within so many bytes of UTF-8, cut at a character, without the address being cut. */
export function asTextWithin(content: MessageContent, title: string, mostBytes: number): string {
  const whole = `${title}\n${asText(content)}`;
  if (Buffer.byteLength(whole) <= mostBytes) return whole;
  const end = content.url === null ? '…' : `…\n${content.url}`;
  const room = mostBytes - Buffer.byteLength(end);
  const cut = new TextDecoder()
    .decode(Buffer.from(whole).subarray(0, room))
    .replace(/\uFFFD+$/, '');
  return `${cut}${end}`;
}
