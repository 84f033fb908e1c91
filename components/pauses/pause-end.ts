import type { z } from 'zod';
import type { PauseEnd } from '#core/jobs/pause-end-given.ts';

/** What the server is given; null: until somebody resumes it. */
export type GivenEnd = z.input<typeof PauseEnd> | null;

export const UNTIL = ['resumed', 'hour', 'four', 'morning', 'time'] as const;

/** What the fields for the end of a pause hold, as typed. */
export type EndForm = {
  until: (typeof UNTIL)[number];
  /** As a datetime-local input has it. */
  time: string;
  rule: 'skip' | 'latest' | 'all';
  spread: string;
};

const HOUR_MS = 3_600_000;

export function endForm(shown: GivenEnd, nowMs: number): EndForm {
  const rule = shown?.answer?.rule ?? 'skip';
  const answer = shown?.answer;
  const spread = answer && 'spreadMinutes' in answer ? String(answer.spreadMinutes ?? 0) : '0';
  const at = shown ? Date.parse(shown.until) : Math.ceil(nowMs / HOUR_MS) * HOUR_MS + HOUR_MS;
  return { until: shown ? 'time' : 'resumed', time: localOf(at), rule, spread };
}

/** Undefined: the time is missing. */
export function endOf(form: EndForm, nowMs: number): GivenEnd | undefined {
  if (form.until === 'resumed') return null;
  const until = untilOf(form, nowMs);
  if (until === undefined) return undefined;
  const spreadMinutes = form.spread.trim() === '' ? 0 : Number(form.spread);
  const answer = form.rule === 'skip' ? { rule: form.rule } : { rule: form.rule, spreadMinutes };
  return { until, answer };
}

function untilOf({ until, time }: EndForm, nowMs: number): string | undefined {
  switch (until) {
    case 'hour':
      return new Date(nowMs + HOUR_MS).toISOString();
    case 'four':
      return new Date(nowMs + 4 * HOUR_MS).toISOString();
    case 'morning': {
      const morning = new Date(nowMs);
      morning.setDate(morning.getDate() + 1);
      morning.setHours(9, 0, 0, 0);
      return morning.toISOString();
    }
    default: {
      const at = Date.parse(time);
      return Number.isNaN(at) ? undefined : new Date(at).toISOString();
    }
  }
}

// An input of this type speaks the browser's zone, which is the reader's.
function localOf(ms: number): string {
  const date = new Date(ms);
  return new Date(ms - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
