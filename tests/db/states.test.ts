import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GAP_REASONS } from '#core/gaps/reasons.ts';
import { BUCKET_OF, BUCKETS, outcomeOfRun, TICK_OUTCOMES } from '#core/runs/outcomes.ts';
import {
  ATTEMPT_OUTCOMES,
  HOLDS,
  isFinal,
  RUN_STATES,
  RUN_TRANSITIONS,
  SKIP_REASONS,
  TRIGGERS,
  WAITS,
} from '#core/runs/states.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

const PICTURE = path.resolve(import.meta.dirname, '../../docs/state-machine.md');

describe('the states of a run in code, database and picture', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  test.each([
    ['run_state_known', 'run', RUN_STATES],
    ['run_trigger_known', 'run', TRIGGERS],
    ['run_skip_reason_known', 'run', SKIP_REASONS],
    ['run_hold_known', 'run', HOLDS],
    ['gap_reason_known', 'gap', GAP_REASONS],
    ['attempt_outcome_known', 'attempt', ATTEMPT_OUTCOMES],
    ['attempt_waited_for_known', 'attempt', WAITS],
  ])('%s allows what the code knows', async (name, table, words) => {
    expect(await wordsOfCheck(db, table, name)).toEqual([...words].toSorted());
  });

  test('live are those that lead on, in the database as in code', async () => {
    const live = RUN_STATES.filter((state) => !isFinal(state));
    expect(await wordsOfCheck(db, 'run', 'run_live_states')).toEqual(live.toSorted());
  });

  test('the picture shows every transition and no other', () => {
    const arrows = transitionsOf(readFileSync(PICTURE, 'utf8'));
    const coded = RUN_STATES.flatMap((from) =>
      RUN_TRANSITIONS[from].map((to) => `${from} --> ${to}`),
    );
    const final = RUN_STATES.filter(isFinal).map((state) => `${state} --> [*]`);
    expect(arrows.toSorted()).toEqual(['[*] --> queued', ...coded, ...final].toSorted());
  });

  test('control: a picture with an arrow too many is read as another', () => {
    const picture = '```mermaid\n  succeeded --> queued: again\n```';
    expect(transitionsOf(picture)).toEqual(['succeeded --> queued']);
  });
});

describe('the buckets of ticks in code, database and docs', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  test('whatever a row may say has one bucket, and no bucket stands for what no row can say', async () => {
    const words = async (name: string, table = 'run') => wordsOfCheck(db, table, name);
    // A run that waits for the end of a blackout says so by `held_by`.
    const holds = [null, 'blackout', ...(await words('run_hold_known'))];
    const reasons = await words('run_skip_reason_known');
    const outcomes = new Set<string>(['unplanned']);
    for (const state of await words('run_state_known')) {
      for (const isStarted of [false, true]) {
        for (const hold of state === 'queued' ? holds : [null]) {
          for (const skipReason of state === 'skipped' ? reasons : [null]) {
            const facts = { state, isStarted, hold, skipReason } as Parameters<
              typeof outcomeOfRun
            >[0];
            outcomes.add(outcomeOfRun(facts));
          }
        }
      }
    }
    for (const reason of await words('gap_reason_known', 'gap')) outcomes.add(`gap: ${reason}`);
    // Said by a gap and by the run that stands for one of its ticks.
    outcomes.add('gap: made up');
    expect([...outcomes].toSorted()).toEqual(TICK_OUTCOMES.toSorted());
    for (const outcome of TICK_OUTCOMES) expect(BUCKETS).toContain(BUCKET_OF[outcome]);
  });

  test('what ends on its own counts as the same, which the sums rely on', () => {
    const ends = (['succeeded', 'failed', 'timed_out', 'lost'] as const).map(
      (end) => BUCKET_OF[end],
    );
    expect(new Set(ends)).toEqual(new Set(['ran']));
  });

  test('the docs show the table as it is', () => {
    expect(bucketsIn(readFileSync(PICTURE, 'utf8'))).toEqual(Object.entries(BUCKET_OF));
    expect(readFileSync(PICTURE, 'utf8')).toContain(`expected = ${BUCKETS.join(' + ')}`);
  });

  test('control: a table that puts an outcome elsewhere is read as another', () => {
    expect(bucketsIn('| `gap: missed` | ran | no |\n| state | says |')).toEqual([
      ['gap: missed', 'ran'],
    ]);
  });
});

/** Rows of a table whose second column is a bucket. */
function bucketsIn(markdown: string): [string, string][] {
  return [...markdown.matchAll(/^\| `([^`]+)` *\| (\w+) +\|/gm)].map(([, outcome, bucket]) => [
    outcome!,
    bucket!,
  ]);
}

async function wordsOfCheck(db: TestDatabase, table: string, name: string): Promise<string[]> {
  const [check] = await db.sql<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE conrelid = $1::regclass AND conname = $2`,
    [table, name],
  );
  expect(check, `the CHECK ${name}`).toBeDefined();
  return [...check!.definition.matchAll(/'(\w+)'::text/g)].map((match) => match[1]!).toSorted();
}

function transitionsOf(markdown: string): string[] {
  const picture = /```mermaid\n([^]*?)```/.exec(markdown)?.[1] ?? '';
  return [...picture.matchAll(/^ *(\S+) --> ([^\s:]+)/gm)].map(
    ([, from, to]) => `${from} --> ${to}`,
  );
}
