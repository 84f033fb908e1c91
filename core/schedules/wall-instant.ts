/**
 * The instant at which a zone's clock shows a time, in ms; NaN for what is no time. Of a time that is shown twice the
 * first; one that the clock jumps over is taken as if it hadn't jumped, so 02:30 becomes 03:30. Small on purpose: it is
 * part of pages that do without the rules of zones (zones.ts).
 * @param wall ISO 8601 without a zone: `2027-03-28T02:30`
 */
export function instantOfWall(wall: string, timeZone: string): number {
  const wallMs = Date.parse(`${wall}Z`);
  // Date.parse reads 30 February as 2 March.
  if (Number.isNaN(wallMs) || !new Date(wallMs).toISOString().startsWith(wall.slice(0, 10))) {
    return Number.NaN;
  }
  // No zone changes its offset twice within two days.
  const beforeMs = offsetAt(wallMs - DAY_MS, timeZone);
  const offsets = [beforeMs, offsetAt(wallMs + DAY_MS, timeZone)];
  return wallMs - (offsets.find((ms) => offsetAt(wallMs - ms, timeZone) === ms) ?? beforeMs);
}

/** What a zone's clock shows at an instant: `2027-03-28T03:30:00`, with a fraction where it has one. */
export function wallOfInstant(ms: number, timeZone: string): string {
  return new Date(ms + offsetAt(ms, timeZone)).toISOString().replace(/(\.000)?Z$/, '');
}

const DAY_MS = 86_400_000;

/** The offset from UTC in ms; 0 for a zone that isn't known, whose fault is told elsewhere. */
export function offsetAt(ms: number, timeZone: string): number {
  const text = formatIn(timeZone)?.format(ms) ?? '';
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /GMT([+-])(\d+):(\d+)(?::(\d+))?$/.exec(text) ?? [];
  const size = (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000;
  return sign === '-' ? -size : size;
}

// The last zone only: a form asks thousands of times for one.
let last: { timeZone: string; format: Intl.DateTimeFormat | null } | undefined;

function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  if (last?.timeZone !== timeZone) {
    try {
      const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
      last = { timeZone, format };
    } catch {
      last = { timeZone, format: null };
    }
  }
  return last.format;
}
