import type { Timing } from './timing.ts';

export interface Jitter {
  /** The window in ms: every fire comes up to so much later. */
  readonly jitterMs?: number | undefined;
  /** Whoever has the same one has the same place in a window. */
  readonly jitterSeed?: string | undefined;
}

/**
 * How much later a schedule fires, in ms: its own place in the window, always the same one, so that neither the order
 * nor the number of fires changes. In whole seconds, unless the window is shorter than one.
 */
export function jitterOffsetMs({ jitterMs = 0, jitterSeed = '' }: Jitter): number {
  if (jitterMs < 1) return 0;
  const unitMs = jitterMs < 1_000 ? 1 : 1_000;
  return (hashOf(jitterSeed) % Math.floor(jitterMs / unitMs)) * unitMs;
}

/** The same fires, all of them so much later. */
export function later(timing: Timing, offsetMs: number): Timing {
  if (offsetMs === 0) return timing;
  return {
    next: (afterMs) => {
      const fire = timing.next(afterMs - offsetMs);
      if (fire === null) return null;
      const nominal = new Date(fire.ms).toISOString();
      return { ms: fire.ms + offsetMs, marks: [...fire.marks, { kind: 'jittered', nominal }] };
    },
    latest: (afterMs, untilMs) => {
      const ms = timing.latest(afterMs - offsetMs, untilMs - offsetMs);
      return ms === null ? null : ms + offsetMs;
    },
    count: (fromMs, toMs) => timing.count(fromMs - offsetMs, toMs - offsetMs),
  };
}

/**
 * FNV-1a over UTF-16, then mixed (the finalizer of MurmurHash3), so that keys which differ in one digit lie far apart.
 * It must never change: it says when jobs with jitter run, in the past too.
 */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
