import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ATTEMPT_OUTCOMES,
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
