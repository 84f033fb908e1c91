import { until } from '#tests/support/wait.ts';
import { fault } from '../fault.ts';
import type { Fires } from '../outside/expected.ts';
import type { World } from '../world.ts';
import { HOUR_MS } from './on-time.ts';

/** Zones whose clocks change within four weeks of each other in spring, and the minutes of UTC in which they do. */
const CHANGES = {
  spring: [
    { timeZone: 'America/New_York', at: '2027-03-14T07:00:00Z' },
    { timeZone: 'Europe/Berlin', at: '2027-03-28T01:00:00Z' },
    // Back by half an hour.
    { timeZone: 'Australia/Lord_Howe', at: '2027-04-03T15:00:00Z' },
  ],
  autumn: [
    { timeZone: 'Australia/Lord_Howe', at: '2027-10-02T15:30:00Z' },
    { timeZone: 'Europe/Berlin', at: '2027-10-31T01:00:00Z' },
    { timeZone: 'America/New_York', at: '2027-11-07T06:00:00Z' },
  ],
};

fault(21, { all: 2, clock: true }, async (world) => {
  // The months that pass here in minutes are all kept.
  await world.db.sql('UPDATE installation SET retention_days = 3650');
  await otherRules(world);
  for (const season of [CHANGES.spring, CHANGES.autumn].slice(0, world.rounds)) {
    const zones = new Set(season.map(({ timeZone }) => timeZone));
    await world.during(async () => {
      await jumpTo(world, Date.parse(season[0]!.at) - 3 * HOUR_MS);
      for (const timeZone of zones) await jobsAround(world, timeZone);
      // A day ahead is planned before the hour comes.
      const worker = await world.worker({ PUNCTUAL_PLAN_AHEAD_MS: '86400000' });
      for (const { at } of season) {
        await jumpTo(world, Date.parse(at) - 3 * HOUR_MS);
        await allPlanned(world);
        await jumpTo(world, Date.parse(at) + 3 * HOUR_MS);
        await allPlanned(world);
      }
      await worker.stop();
    });
  }
  await world.worker();
});

const jumpTo = (world: World, at: number) => world.moveClock(at - Date.now());

/** Until all that is due by the database's clock has been planned, and has an end. */
async function allPlanned(world: World): Promise<void> {
  await until(
    async () => {
      const [row] = await world.db.sql<{ left: number }>(
        `SELECT (SELECT count(*) FROM job WHERE next_tick_at <= clock_timestamp())
              + (SELECT count(*) FROM run_live WHERE due_at <= clock_timestamp()) AS left`,
      );
      return row?.left === 0;
    },
    { timeoutMs: 60_000, everyMs: 200, what: 'the end of what was due' },
  );
}

/** Fixed times that the changes leave out or repeat, and an interval that goes on through both passes. */
async function jobsAround(world: World, timeZone: string): Promise<void> {
  const beats = 1;
  for (const [hour, minute] of [
    [2, 15],
    [1, 45],
  ] as const) {
    const is = { type: 'cron' as const, lines: [`${minute} ${hour} * * *`], timeZone };
    await world.job({ beats, schedule: { is, fires: onceADay(timeZone, hour, minute), timeZone } });
  }
  const is = { type: 'cron' as const, lines: ['*/30 * * * *'], timeZone };
  const fires: Fires = ({ minute, second }) => second === 0 && minute % 30 === 0;
  await world.job({ beats, schedule: { is, fires, timeZone }, catchUp: 'latest' });
}

/** At that time by the clock on the wall: the first time where it comes twice, at the end of the gap where it doesn't come. */
function onceADay(timeZone: string, hour: number, minute: number): Fires {
  const wanted = hour * 60 + minute;
  const minuteOf = minutesOnWall(timeZone);
  return ({ at, second, ...wall }) => {
    if (second !== 0 || wall.hour > 3) return false;
    const now = wall.hour * 60 + wall.minute;
    if (now === wanted) {
      return [30, 60].every((earlier) => minuteOf(at - earlier * 60_000) !== wanted);
    }
    const before = minuteOf(at - 60_000);
    return before < wanted && wanted < now && now - before > 1;
  };
}

function minutesOnWall(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return (at) => {
    const [hour, minute] = format.format(at).split(':').map(Number);
    return hour! * 60 + minute!;
  };
}

/** A job's next tick was reckoned by other rules of its zone, an hour late: a program with newer ones puts it right. */
async function otherRules(world: World): Promise<void> {
  const timeZone = 'Europe/Berlin';
  const soon = new Date(Date.now() + 12_000);
  const [hour, minute] = [
    Math.floor(minutesOnWall(timeZone)(soon.getTime()) / 60),
    soon.getMinutes(),
  ];
  const second = soon.getSeconds();
  const is = { type: 'cron' as const, lines: [`${second} ${minute} ${hour} * * *`], timeZone };
  const fires: Fires = (wall) =>
    wall.hour === hour && wall.minute === minute && wall.second === second;
  const job = await world.job({ beats: 1, schedule: { is, fires, timeZone }, catchUp: 'latest' });
  await world.db.sql(
    `UPDATE job SET next_tick_at = next_tick_at + interval '1 hour' WHERE id = $1`,
    [job.id],
  );
  const worker = await world.worker();
  await until(() => world.record().some((entry) => entry.job === job.key), {
    timeoutMs: 60_000,
    what: 'the tick that was reckoned by other rules',
  });
  const healed = await world.db.sql(
    `SELECT FROM audit_entry WHERE action = 'job.heal' AND subject = $1`,
    [`job:${job.key}`],
  );
  if (healed.length === 0) world.finds('nobody noticed that the next tick was another');
  await worker.stop();
}
