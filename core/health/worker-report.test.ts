import { expect, test } from 'vitest';
import { duty } from '#tests/support/figures.ts';
import { dutyLateMs } from './duty-late.ts';
import { readReport, writeReport } from './worker-report.ts';

test('a report is read as it was written, older by the time since', () => {
  const report = {
    duties: [duty('planner', { underWayMs: 12 }), duty('pruner', { failures: 2, errors: 7 })],
    startedMsAgo: { default: 40 },
  };
  const read = readReport(JSON.parse(writeReport(report)), 1_000);
  expect(read.startedMsAgo).toEqual({ default: 1_040 });
  expect(read.duties).toEqual([
    { ...duty('planner', { passedMsAgo: 1_500, underWayMs: 1_012 }), overdueMs: 0 },
    { ...duty('pruner', { passedMsAgo: 1_500, failures: 2, errors: 7 }), overdueMs: 0 },
  ]);
});

test('it fits into a page with the row of its worker', () => {
  const duties = Array.from({ length: 26 }, (_, n) =>
    duty(`a-duty-of-some-${n}`, { passedMsAgo: 3_600_000 }),
  );
  expect(writeReport({ duties, startedMsAgo: {} }).length).toBeLessThan(1_900);
});

test.each([[null], ['x'], [{}], [{ duties: [['planner']] }], [{ duties: 4 }]])(
  'what another version wrote, %j, says nothing',
  (saved) => {
    expect(readReport(saved, 5)).toEqual({ duties: [], startedMsAgo: {} });
  },
);

test('a duty is late from when it was to look again; a pass that is under way has ten minutes', () => {
  const MINUTE = 60_000;
  expect(dutyLateMs(duty('x', { passedMsAgo: 1_000 }))).toBe(0);
  expect(dutyLateMs(duty('x', { passedMsAgo: 5_000 }))).toBe(3_000);
  expect(dutyLateMs(duty('x', { passedMsAgo: 9 * MINUTE, underWayMs: 9 * MINUTE }))).toBe(0);
  expect(dutyLateMs(duty('x', { passedMsAgo: 11 * MINUTE, underWayMs: 11 * MINUTE }))).toBe(MINUTE);
  expect(dutyLateMs(duty('x', { passedMsAgo: 5_000, failures: 3, underWayMs: 10 }))).toBe(3_000);
});
