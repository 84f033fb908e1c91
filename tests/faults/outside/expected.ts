// What a schedule should have fired, found without reckoning: every second of the wall clock is looked at, and asked.

/** A second as a clock on the wall of the job's zone shows it. */
export type WallSecond = {
  /** Epoch ms. */
  at: number;
  /** 1 to 12. */
  month: number;
  day: number;
  /** 0 Sunday to 6 Saturday. */
  weekday: number;
  hour: number;
  minute: number;
  second: number;
};

/** Whether the schedule fires in this second. */
export type Fires = (wall: WallSecond) => boolean;

/** Fires at every whole `seconds` since 1970. */
export const every =
  (seconds: number): Fires =>
  ({ at }) =>
    (at / 1000) % seconds === 0;

/** One schedule after the other; a second at the very instant of a change is the one's before. */
export const inTurn =
  (phases: readonly { after: number; fires: Fires }[]): Fires =>
  (wall) =>
    phases.findLast(({ after }) => after < wall.at)?.fires(wall) ?? false;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** All ticks after `after` up to and including `until`, epoch ms, by walking through the seconds one by one. */
export function expectedTicks(
  fires: Fires,
  { after, until, timeZone = 'UTC' }: { after: number; until: number; timeZone?: string },
): number[] {
  const clock = wallClock(timeZone);
  const ticks: number[] = [];
  for (let at = (Math.floor(after / 1000) + 1) * 1000; at <= until; at += 1000) {
    if (fires(clock(at))) ticks.push(at);
  }
  return ticks;
}

function wallClock(timeZone: string): (at: number) => WallSecond {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  // Zones change their offset at whole minutes only, so that one look a minute will do.
  let minuteAt = NaN;
  let minute: Omit<WallSecond, 'at' | 'second'>;
  return (at) => {
    const whole = at - (at % 60_000);
    if (whole !== minuteAt) {
      minuteAt = whole;
      const parts = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, p.value]));
      minute = {
        month: Number(parts['month']),
        day: Number(parts['day']),
        weekday: WEEKDAYS.indexOf(parts['weekday']!),
        hour: Number(parts['hour']),
        minute: Number(parts['minute']),
      };
    }
    return { at, ...minute, second: (at % 60_000) / 1000 };
  };
}
