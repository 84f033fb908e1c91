import { expect, test } from 'vitest';
import { checkTimeZone, zoneNames } from './zone-names.ts';
import { zoneChanges, zoneNamed } from './zones.ts';

test('the next changes of a zone are told with what they change', () => {
  expect(zoneChanges('Europe/Berlin', new Date('2026-05-01T00:00:00Z'), 2)).toEqual([
    { at: new Date('2026-10-25T01:00:00Z'), offsetBeforeMinutes: 120, offsetAfterMinutes: 60 },
    { at: new Date('2027-03-28T01:00:00Z'), offsetBeforeMinutes: 60, offsetAfterMinutes: 120 },
  ]);
  expect(zoneChanges('Australia/Lord_Howe', new Date('2026-05-01T00:00:00Z'), 1)).toEqual([
    { at: new Date('2026-10-03T15:30:00Z'), offsetBeforeMinutes: 630, offsetAfterMinutes: 660 },
  ]);
});

test('a zone that never changes has no changes, and a change isn’t told again at its own instant', () => {
  expect(zoneChanges('UTC', new Date('2026-05-01T00:00:00Z'), 2)).toEqual([]);
  const [next] = zoneChanges('Europe/Berlin', new Date('2026-10-25T01:00:00Z'), 1);
  expect(next?.at).toEqual(new Date('2027-03-28T01:00:00Z'));
});

test('the stretches of a zone join without a hole and agree with Intl', () => {
  for (const timeZone of [
    'Europe/Berlin',
    'Pacific/Apia',
    'Asia/Gaza',
    'Africa/Casablanca',
    'UTC',
  ]) {
    const zone = zoneNamed(timeZone);
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    let ms = Date.UTC(2009, 0, 1);
    while (ms < Date.UTC(2031, 0, 1)) {
      const stretch = zone.stretchAt(ms);
      expect(stretch.startMs <= ms && ms < stretch.endMs).toBe(true);
      for (const instant of [ms, stretch.endMs - 1_000]) {
        const wall = new Date(instant + stretch.offsetMs).toISOString();
        expect(format.format(instant)).toBe(wall.slice(0, 19).replace('T', ' '));
      }
      const next = zone.stretchAt(stretch.endMs);
      expect(next.startMs === stretch.endMs ? next.offsetBeforeMs : next.offsetMs).toBe(
        stretch.offsetMs,
      );
      ms = stretch.endMs;
    }
  }
});

test.each([
  ['Europe/Berlim', 'Did you mean "Europe/Berlin"?'],
  ['Berlin', 'Did you mean "Europe/Berlin"?'],
  ['New York', 'Did you mean "America/New_York"?'],
  ['europe/paris', 'is written "Europe/Paris"'],
  ['utc', 'is written "UTC"'],
  ['+02:00', 'is an offset'],
  ['UTC+2', 'is an offset'],
  ['BST', 'is not known. Use a name such as Europe/Berlin'],
  ['CST', 'is not known'],
  ['SystemV/PST8', 'is not known'],
  ['Mars/Phobos', 'is not known'],
  ['x'.repeat(10_000), 'is not known'],
])('the zone %s is refused with the next step', (name, sentence) => {
  expect(checkTimeZone(name)).toContain(sentence);
});

test('every name that is offered, and the old names that people have, can be used', () => {
  for (const name of [
    ...zoneNames(),
    'Asia/Kolkata',
    'US/Eastern',
    'Etc/GMT+5',
    'GMT',
    'EST5EDT',
  ]) {
    expect(checkTimeZone(name)).toBeNull();
  }
});
