import { instantOfWall, wallOfInstant } from '#core/schedules/wall-instant.ts';

/**
 * The instant of a time as it is typed in a zone, in UTC and ISO 8601. What can't be read stays as it was typed, so that
 * the schema refuses it.
 * @param saved what stood there: where it is still meant, it keeps its spelling and its pass of a repeated hour
 */
export function instantText(typed: string, timeZone: string, saved?: string): string {
  const wall = typed.trim().replace(/[ \t]+/, 'T');
  if (saved !== undefined && wallOfText(saved, timeZone) === wall) return saved;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/.test(wall)) return typed;
  const ms = instantOfWall(wall.replace('Z', ''), wall.endsWith('Z') ? 'UTC' : timeZone);
  return Number.isNaN(ms) ? typed : new Date(ms).toISOString();
}

/** A saved instant as a datetime-local input has it. */
export function wallOfText(instant: string, timeZone: string): string {
  return wallOfInstant(Date.parse(instant), timeZone);
}

/** The dates that were typed, one a line; a `Z` at the end stands for UTC. */
export function datesOf(typed: string, timeZone: string, saved: readonly string[] = []): string[] {
  const spelled = new Map(saved.map((text) => [Date.parse(text), text]));
  return typedDates(typed).map((line) => {
    const instant = instantText(line, timeZone);
    return spelled.get(Date.parse(instant)) ?? instant;
  });
}

export function typedDates(typed: string): string[] {
  return typed.split('\n').flatMap((line) => line.trim() || []);
}

/** Saved instants as one would type them: `2027-03-29 09:00`. */
export function datesTyped(instants: readonly string[], timeZone: string): string {
  return instants
    .map((instant) => {
      const wall = wallOfText(instant, timeZone);
      // The second pass of an hour that the clock shows twice has no other name.
      const isShown = Date.parse(instantText(wall, timeZone)) === Date.parse(instant);
      return isShown ? wall.replace('T', ' ').replace(/:00$/, '') : instant;
    })
    .join('\n');
}
