import type { FireCounts, FireDifference } from '#core/schedules/fire-counts.ts';
import { instantOfWall } from '#core/schedules/wall-instant.ts';

/** What a stretch of a row shows, the strongest first: where something changes, that is what must be seen. */
export type MarkLook = 'vanishes' | 'new' | 'unknown' | 'kept';

/** Columns beside each other that look the same; `from` and `to` are numbers of columns, `to` exclusive. */
export type Mark = { look: MarkLook; from: number; to: number; fires: number };

/** The marks of both rows, in order. */
export function marksOf({ columns }: FireDifference): { saved: Mark[]; edited: Mark[] } {
  return {
    saved: joined(columns, (counts) => lookOf(counts.saved, counts.kept, 'vanishes'), 'saved'),
    edited: joined(columns, (counts) => lookOf(counts.edited, counts.kept, 'new'), 'edited'),
  };
}

function lookOf(fires: number, kept: number | null, changed: 'vanishes' | 'new'): MarkLook | null {
  if (fires === 0) return null;
  if (kept === null) return 'unknown';
  return fires > kept ? changed : 'kept';
}

function joined(
  columns: readonly FireCounts[],
  look: (counts: FireCounts) => MarkLook | null,
  row: 'saved' | 'edited',
): Mark[] {
  const marks: Mark[] = [];
  for (const [index, column] of columns.entries()) {
    const own = look(column);
    if (own === null) continue;
    const last = marks.at(-1);
    if (last && last.look === own && last.to === index) {
      last.to = index + 1;
      last.fires += column[row];
    } else marks.push({ look: own, from: index, to: index + 1, fires: column[row] });
  }
  return marks;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where the axis has its lines: whole hours of a day, else midnights, by the clock of the zone. */
export function axisOf(fromMs: number, toMs: number, timeZone: string): number[] {
  const spanMs = toMs - fromMs;
  const stepMs = spanMs <= 2 * DAY_MS ? 6 * HOUR_MS : spanMs <= 8 * DAY_MS ? DAY_MS : 7 * DAY_MS;
  const firstDayMs = Math.floor((fromMs - DAY_MS) / DAY_MS) * DAY_MS;
  const instants: number[] = [];
  for (let wallMs = firstDayMs; wallMs <= toMs + DAY_MS; wallMs += stepMs) {
    const atMs = instantOfWall(new Date(wallMs).toISOString().slice(0, 19), timeZone);
    if (atMs > fromMs && atMs < toMs) instants.push(atMs);
  }
  return instants;
}
