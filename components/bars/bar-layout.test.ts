import { describe, expect, test } from 'vitest';
import { fullHeightMs, placeBars, type OutcomeBar } from './bar-layout.ts';

function bar(over: Partial<OutcomeBar> = {}): OutcomeBar {
  return {
    runId: 1,
    state: 'succeeded',
    durationMs: 1_000,
    failedAttempts: 0,
    at: '2027-03-23T02:40:00Z',
    ...over,
  };
}

describe('a row of bars', () => {
  test('shows the newest when there are more than fit', () => {
    const items = Array.from({ length: 40 }, (_, index) => bar({ runId: index }));
    const placed = placeBars(items, 30, 1_000);
    expect(placed).toHaveLength(30);
    expect(placed.at(-1)?.item.runId).toBe(39);
    expect(placed.map((one) => one.x)).toEqual(Array.from({ length: 30 }, (_, i) => i * 6));
  });

  test('starts at the left when there are few', () => {
    expect(placeBars([bar(), bar()], 30, 1_000).map((one) => one.x)).toEqual([0, 6]);
  });

  test('draws a gap as one stretch as long as its ticks, and no bar over another', () => {
    const items = [bar(), bar({ state: 'gap', runId: null, durationMs: null, gapTicks: 4 }), bar()];
    const [first, gap, last] = placeBars(items, 30, 1_000);
    expect(gap).toMatchObject({ shape: 'dashes', width: 4 * 6 - 2 });
    expect(first!.x + first!.width).toBeLessThan(gap!.x);
    expect(gap!.x + gap!.width).toBeLessThan(last!.x);
  });

  test('cuts a gap of thousands of ticks, and one that reaches past the left edge', () => {
    const gap = bar({ state: 'gap', runId: null, durationMs: null, gapTicks: 5_000 });
    expect(placeBars([gap, bar()], 30, 1_000)[0]?.width).toBe(10 * 6 - 2);
    const cut = placeBars([bar({ runId: 7 }), gap, bar(), bar()], 5, 1_000);
    expect(cut).toHaveLength(3);
    expect(cut[0]).toMatchObject({ shape: 'dashes', x: 0, width: 3 * 6 - 2 });
  });

  test('keeps every height between what can be seen and the row', () => {
    const [short, long] = placeBars([bar({ durationMs: 0 }), bar({ durationMs: 9e9 })], 30, 1_000);
    expect(short).toMatchObject({ height: 3, y: 15 });
    expect(long).toMatchObject({ height: 18, y: 0 });
  });

  test('shows a run that a retry saved as a bar with its failed attempts under the line', () => {
    const [saved, hopeless] = placeBars(
      [bar({ failedAttempts: 1 }), bar({ state: 'failed', failedAttempts: 9 })],
      30,
      1_000,
    );
    expect(saved).toMatchObject({ shape: 'filled', stubs: [19] });
    expect(hopeless?.stubs).toEqual([19, 22]);
  });
});

describe('the duration of the whole height', () => {
  test('is not set by a single long run', () => {
    const items = Array.from({ length: 39 }, () => bar({ durationMs: 100 }));
    expect(fullHeightMs([...items, bar({ durationMs: 60_000 })])).toBe(180);
  });

  test('is never zero', () => {
    expect(fullHeightMs([])).toBe(1);
    expect(fullHeightMs([bar({ durationMs: 0 })])).toBe(1);
  });
});
