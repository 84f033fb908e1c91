import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';

const paceOf = (...tookMs: number[]) => {
  const pace = new Pace();
  for (const ms of tookMs) pace.note(ms);
  return pace;
};
const times = (count: number, tookMs: number) => Array.from({ length: count }, () => tookMs);

describe('the pace of a worker', () => {
  it('takes nothing ahead before it is known', () => {
    expect(paceOf().ahead(20)).toBe(0);
    expect(paceOf(...times(7, 0.1)).ahead(20)).toBe(0);
    expect(paceOf(...times(8, 0.1)).ahead(20)).toBeCloseTo(10_000, -1);
  });

  it('takes as much ahead as begins within 50 ms', () => {
    expect(paceOf(...times(1_000, 1)).ahead(20)).toBeCloseTo(1_000, -1);
    expect(paceOf(...times(1_000, 1)).ahead(2)).toBeCloseTo(100, -1);
    expect(paceOf(...times(1_000, 4)).ahead(20)).toBeCloseTo(250, -1);
  });

  it('takes nothing ahead where attempts take longer than 5 ms', () => {
    expect(paceOf(...times(1_000, 6)).ahead(20)).toBe(0);
  });

  it('is lost with one long attempt, and found again', () => {
    expect(paceOf(...times(1_000, 0.5), 10_000).ahead(20)).toBe(0);
    expect(paceOf(...times(1_000, 0.5), 10_000, ...times(50, 0.5)).ahead(20)).toBe(0);
    expect(paceOf(...times(1_000, 0.5), 10_000, ...times(200, 0.5)).ahead(20)).toBeGreaterThan(300);
  });
});
