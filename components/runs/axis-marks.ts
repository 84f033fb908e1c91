export type AxisMark = { atMs: number; share: number; label: string };

const STEPS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 86_400_000,
];
const MOST_MARKS = 5;

/** A few round instants between two others, with where they lie (0 to 1) and their clock time in a zone. */
export function axisMarks(fromMs: number, toMs: number, timeZone: string): AxisMark[] {
  const length = toMs - fromMs;
  const step = STEPS_MS.find((candidate) => length / candidate <= MOST_MARKS) ?? 86_400_000;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    ...(step < 60_000 && { second: '2-digit' }),
    ...(step < 1_000 && { fractionalSecondDigits: step < 100 ? (3 as const) : (1 as const) }),
    hourCycle: 'h23',
  });
  const marks: AxisMark[] = [];
  for (let atMs = Math.ceil(fromMs / step) * step; atMs <= toMs; atMs += step) {
    marks.push({ atMs, share: (atMs - fromMs) / length, label: format.format(atMs) });
  }
  return marks;
}
