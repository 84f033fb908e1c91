import { describe, expect, it } from 'vitest';
import { doubleStartsIn, type Entry, mostAtOnce, overlapsIn } from '#tests/support/recorder.ts';

const line = (run: number, attempt: number, what: string): Entry => ({
  job: 'nightly',
  run,
  attempt,
  what,
});

describe('CONTROL: the checks on a record', () => {
  const inTurn = [line(1, 1, 'start'), line(1, 2, 'start'), line(1, 2, 'end'), line(2, 1, 'start')];
  const atOnce = [line(1, 1, 'start'), line(1, 2, 'start'), line(1, 1, 'end'), line(1, 2, 'end')];

  it('notice an attempt that goes on beside the next', () => {
    expect(overlapsIn(inTurn)).toEqual([]);
    expect(overlapsIn(atOnce)).toHaveLength(2);
    expect(mostAtOnce(inTurn)).toBe(1);
    expect(mostAtOnce(atOnce)).toBe(2);
  });

  it('notice an attempt that starts twice', () => {
    expect(doubleStartsIn(atOnce)).toEqual([]);
    expect(doubleStartsIn([...atOnce, line(1, 1, 'start')])).toEqual(['run 1 attempt 1']);
  });
});
