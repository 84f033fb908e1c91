import { describe, expect, it } from 'vitest';
import { inWords, verdictOf } from './verdict.ts';

const cancelled = { reason: 'cancelled', by: 'Test' } as const;
const timedOut = { reason: 'timed_out', timeoutMs: 30_000 } as const;

describe('verdictOf', () => {
  it('takes the work’s own word when nothing stopped it', () => {
    expect(verdictOf({ ok: true }, null, 'w')).toEqual({ outcome: 'succeeded', cause: null });
    expect(verdictOf({ ok: false, cause: 'exit 2' }, null, 'w')).toEqual({
      outcome: 'failed',
      cause: 'exit 2',
    });
  });

  it('keeps the outcome of work that ended by itself just before the kill', () => {
    expect(verdictOf({ ok: true, wasStopped: false }, cancelled, 'w').outcome).toBe('succeeded');
    expect(verdictOf({ ok: false, wasStopped: false, cause: 'exit 1' }, timedOut, 'w')).toEqual({
      outcome: 'failed',
      cause: 'exit 1',
    });
  });

  it('calls stopped work after what stopped it, also when it exits with 0 at TERM', () => {
    expect(verdictOf({ ok: true, wasStopped: true }, timedOut, 'w')).toEqual({
      outcome: 'timed_out',
      cause: 'timed out after 30 s',
    });
    expect(verdictOf({ ok: false }, cancelled, 'w')).toEqual({
      outcome: 'cancelled',
      cause: 'cancelled by Test',
    });
  });

  it('counts what a shutdown interrupted as lost: nobody cancelled it', () => {
    expect(verdictOf({ ok: false, wasStopped: true }, { reason: 'shutdown' }, 'w-b1')).toEqual({
      outcome: 'lost',
      cause: 'worker w-b1 was shut down before the run ended',
    });
  });
});

it.each([
  [999, '999 ms'],
  [1_500, '1.5 s'],
  [90_000, '90 s'],
  [300_000, '5 min'],
  [7_200_000, '2 h'],
])('says %d ms as %s', (ms, words) => {
  expect(inWords(ms)).toBe(words);
});
