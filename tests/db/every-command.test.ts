import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { commandsOnDisk } from '#tests/support/callers.ts';
import { COMMAND_ENVIRONMENT, EVERY_COMMAND } from '#tests/support/every-command.ts';
import { differing, everything } from '#tests/support/everything.ts';
import { REASON, type Seed } from '#tests/support/seeds.ts';
import { webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const folder = mkdtempSync(path.join(tmpdir(), 'punctual-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const PROGRAM = path.resolve(import.meta.dirname, '../../cli/punctual.ts');

const run = (words: string[], input = '', environment: Record<string, string> = {}) =>
  execa('node', [PROGRAM, ...words], {
    input,
    reject: false,
    env: { DATABASE_URL: web.db().url, ...COMMAND_ENVIRONMENT, ...environment },
  });
const tools = {
  folder,
  punctual: async (words: string[], input?: string) => {
    const { exitCode, stderr } = await run(words, input);
    expect([words, exitCode, stderr]).toEqual([words, 0, expect.anything()]);
  },
};

type Entry = { action: string; actor: string; before: unknown; after: unknown; reason: string };

test('the table of all commands names each of them once', async () => {
  expect(EVERY_COMMAND.map(({ name }) => name).toSorted()).toEqual(await commandsOnDisk());
});

describe('rule 11: what a command changes stands in the trail', () => {
  test.each(
    EVERY_COMMAND.filter(({ words }) => words !== null).map((one) => [one.name, one] as const),
  )('%s', async (name, { words, input, environment, entry, code = 0 }) => {
    const seed: Seed = { db: web.db(), labels: {}, caller: { userId: '', sessionId: '' } };
    const given = await words!(seed, tools);
    const { sql } = web.db();
    const [last] = await sql<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM audit_entry');
    const before = await everything(sql);
    const { exitCode, stderr } = await run([...name.split(' '), ...given], input, environment);
    expect([exitCode, stderr]).toEqual([code, expect.any(String)]);
    const entries = await sql<Entry>('SELECT * FROM audit_entry WHERE id > $1', [last!.id]);
    if (entry === null) {
      expect(entries).toEqual([]);
      expect(differing(before, await everything(sql))).toEqual([]);
      return;
    }
    const found = entries.find(({ action }) => action === entry);
    expect(entries.map(({ action }) => action)).toContain(entry);
    // The machine's user, as `deploy@web-1`.
    expect(found!.actor).toMatch(/^[^@]+@[^@]+$/);
    expect([found!.before, found!.after]).not.toEqual([null, null]);
    if (given.includes(REASON)) expect(found!.reason).toBe(REASON);
  });
});
