import { expect, test } from 'vitest';
import { healthyFigures } from '#tests/support/figures.ts';
import { judge, judgeDatabaseAway } from './judge.ts';
import { Lasting, LASTS_MS, WELL_FOR_MS } from './lasting.ts';

const bad = judge(healthyFigures({ plannerLagMs: 60_000 }));
const well = judge(healthyFigures());
const names = (judged: readonly { name: string }[]) => judged.map(({ name }) => name);

test('what is bad for a moment isn’t said', () => {
  const lasting = new Lasting();
  expect(lasting.look(bad, 0)).toMatchObject({ began: [], lasting: [] });
  expect(lasting.look(well, 10_000)).toMatchObject({ began: [], ended: [] });
  expect(lasting.look(bad, LASTS_MS)).toMatchObject({ began: [], lasting: [] });
});

test('what lasts is said once, and goes on until it has been well for a while', () => {
  const lasting = new Lasting();
  lasting.look(bad, 0);
  expect(names(lasting.look(bad, LASTS_MS).began)).toEqual(['planner']);
  const later = lasting.look(bad, LASTS_MS + 10_000);
  expect(names(later.began)).toEqual([]);
  expect(names(later.lasting)).toEqual(['planner']);
  const from = LASTS_MS + 20_000;
  expect(lasting.look(well, from).ended).toEqual([]);
  // Once more in between: then the time counts anew.
  lasting.look(bad, from + 30_000);
  expect(lasting.look(well, from + 40_000).ended).toEqual([]);
  expect(lasting.look(well, from + WELL_FOR_MS + 10_000).ended).toEqual([]);
  expect(lasting.look(well, from + 40_000 + WELL_FOR_MS).ended).toEqual(['planner']);
});

test('while nothing is known nothing is over', () => {
  const lasting = new Lasting();
  lasting.look(bad, 0);
  lasting.look(bad, LASTS_MS);
  expect(lasting.look(judgeDatabaseAway(), 10 * WELL_FOR_MS).ended).toEqual([]);
  expect(lasting.wellFor(10 * WELL_FOR_MS)).not.toContain('planner');
});
