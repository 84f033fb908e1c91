import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { createJob } from '#core/jobs/create-job.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import {
  addSecret,
  limitSecret,
  removeSecret,
  replaceSecret,
} from '#core/secrets/change-secrets.ts';
import { keyRingOf, open, seal } from '#core/secrets/key-ring.ts';
import { readSecrets } from '#core/secrets/read-secrets.ts';
import { rotateSecrets } from '#core/secrets/rotate.ts';
import { readSecretRows } from '#core/secrets/secrets.sql.ts';
import { environment } from '#core/environment.ts';
import { punctual } from '#tests/support/command.ts';
import { createEmptyDatabase } from '#tests/support/database.ts';
import { testDefinition } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { makeWorker } from '#tests/support/runs.ts';
import { foundIn } from '#tests/support/secret-writings.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const FIRST = randomBytes(32).toString('base64');
const SECOND = randomBytes(32).toString('hex');
const web = webDatabase({ PUNCTUAL_SECRET_KEY: FIRST });

/** As processes that are started with other keys. */
const startWith = (keys: string | undefined) => {
  Object.assign(environment(), { PUNCTUAL_SECRET_KEY: keys });
};

beforeEach(async () => {
  startWith(FIRST);
  await web.db().sql('DELETE FROM secret');
  await web.db().sql(`UPDATE job SET secrets = '{}'`);
});

const editor: Actor = {
  kind: 'user',
  id: 'editor',
  name: 'Edith Editor',
  email: 'editor@example.org',
  grants: [usualGrant('editor')],
  address: null,
};

const call = (text: string): JobDefinitionInput['work'] => ({
  kind: 'http',
  url: 'https://example.org/',
  headers: [{ name: 'x-token', value: text }],
});

const save = (work: JobDefinitionInput['work'], more: Partial<JobDefinitionInput> = {}) =>
  createJob(admin, { ...testDefinition(), work, ...more });

describe('secrets', () => {
  test('are told with who uses them, never with their value', async () => {
    valueOf(await addSecret(admin, { name: 'API_TOKEN', value: 'correct-horse' }));
    const { key } = valueOf(await save(call('Bearer {{secret.API_TOKEN}}')));
    const told = await readSecrets(editor);
    expect(told.secrets).toMatchObject([
      { name: 'API_TOKEN', usedBy: [key], isReadable: true, changedBy: 'Test' },
    ]);
    expect(foundIn(JSON.stringify(told), 'correct-horse')).toEqual([]);
    await expect(readSecrets(viewer)).rejects.toThrow(/takes an editor/);
    await expect(addSecret(editor, { name: 'B', value: 'correct-horse' })).rejects.toThrow(/admin/);
  });

  test('the trail says that one was changed, by whom, and never to what', async () => {
    valueOf(await addSecret(admin, { name: 'AUDITED', value: 'correct-horse' }));
    valueOf(await replaceSecret(admin, { name: 'AUDITED', value: 'battery-staple' }));
    valueOf(await limitSecret(admin, { name: 'AUDITED', limits: { jobs: ['a-job'], labels: [] } }));
    valueOf(await removeSecret(admin, { name: 'AUDITED' }));
    const entries = await web
      .db()
      .sql<{ action: string }>(
        `SELECT * FROM audit_entry WHERE subject = 'secret:AUDITED' ORDER BY id`,
      );
    expect(entries.map(({ action }) => action)).toEqual([
      'secret.add',
      'secret.replace',
      'secret.limit',
      'secret.remove',
    ]);
    for (const value of ['correct-horse', 'battery-staple']) {
      expect(foundIn(JSON.stringify(entries), value)).toEqual([]);
    }
  });

  test.each([
    ['short', 'at least 6 characters'],
    ['aaaaaaaaaaaa', '3 of them different'],
    ['      ab      ', 'at least 6 characters'],
    ['with a \0 in it', 'NUL'],
    ['abc'.repeat(5_334), 'at most 16,000'],
  ])('a value that could not be kept or cut out is refused: %.30j', async (value, words) => {
    const refusal = refusalOf(await addSecret(admin, { name: 'BAD', value }));
    expect(refusal.fields).toMatchObject([{ path: ['value'] }]);
    expect(refusal.message).toContain(words);
  });

  test('a name that is taken keeps its value', async () => {
    valueOf(await addSecret(admin, { name: 'TAKEN', value: 'correct-horse' }));
    const refusal = refusalOf(await addSecret(admin, { name: 'TAKEN', value: 'battery-staple' }));
    expect(refusal.fields).toMatchObject([{ path: ['name'] }]);
    const [row] = await readSecretRows(web.db().sql, ['TAKEN']);
    expect(open(keyRingOf(FIRST), 'TAKEN', row!)).toEqual({ ok: true, value: 'correct-horse' });
  });
});

describe('a job that is saved', () => {
  test('may name only secrets that are there and meant for it', async () => {
    const limits = { jobs: ['one-job'], labels: [{ name: 'team', value: 'billing' }] };
    valueOf(await addSecret(admin, { name: 'LIMITED', value: 'correct-horse', limits }));
    const missing = refusalOf(await save(call('{{secret.MISSING}}')));
    expect(missing.fields).toMatchObject([{ path: ['work', 'headers', 0, 'value'] }]);
    expect(missing.message).toContain('There is no secret MISSING');
    expect(refusalOf(await save(call('{{secret.LIMITED}}'))).message).toContain('may not use');
    const { jobId } = valueOf(
      await save(call('{{secret.LIMITED}}'), { labels: { team: 'billing' } }),
    );
    valueOf(await save(call('{{secret.LIMITED}}'), { key: 'one-job' }));
    // Another label takes it away.
    const definition = testDefinition({ work: call('{{secret.LIMITED}}'), labels: { team: 'x' } });
    const edit = { jobId, basedOnRevision: 1, definition, note: '' };
    expect(refusalOf(await editJob(admin, edit)).message).toContain('may not use');
  });

  test.each([
    [
      { kind: 'command', program: 'ls', args: ['-p', '{{secret.A}}'] },
      ['args', 1],
      /seen by everybody.*environment variable/,
    ],
    [{ kind: 'command', program: '{{secret.A}}' }, ['program'], /environment variable/],
    [
      { kind: 'script', text: 'echo {{secret.A}}' },
      ['text'],
      /isn’t filled in.*environment variable/,
    ],
    [call('{{secret.lower}}'), ['headers', 0, 'value'], /names no secret/],
    [call('{{ secret.A }}'), ['headers', 0, 'value'], /names no secret/],
  ] satisfies [JobDefinitionInput['work'], (string | number)[], RegExp][])(
    'is refused where others would see it, or it would go out as it stands: %j',
    async (work, where, words) => {
      valueOf(await addSecret(admin, { name: 'A', value: 'correct-horse' }));
      const refusal = refusalOf(await save(work));
      expect(refusal.fields?.[0]).toMatchObject({ path: ['work', ...where] });
      expect(refusal.message).toMatch(words);
    },
  );

  test('gives no sensitive parameter to arguments', async () => {
    const parameters = [{ name: 'pin', type: 'text', default: 'x', isSensitive: true }] as const;
    const work: JobDefinitionInput['work'] = {
      kind: 'command',
      program: 'ls',
      args: ['{{param.pin}}'],
    };
    expect(refusalOf(await save(work, { parameters: [...parameters] })).message).toContain(
      'PUNCTUAL_PARAM_PIN',
    );
  });
});

describe('the key', () => {
  test('that is another one closes what it would break, and nothing else', async () => {
    valueOf(await addSecret(admin, { name: 'KEPT', value: 'correct-horse' }));
    const { jobId } = valueOf(await save(call('{{secret.KEPT}}')));
    startWith(SECOND);
    expect((await readSecrets(admin)).vault).toEqual({
      state: 'other_key',
      secrets: 1,
      unreadable: 1,
    });
    for (const refused of [
      await addSecret(admin, { name: 'NEW', value: 'correct-horse' }),
      await replaceSecret(admin, { name: 'KEPT', value: 'battery-staple' }),
      await limitSecret(admin, { name: 'KEPT', limits: {} }),
      await removeSecret(admin, { name: 'KEPT' }),
    ]) {
      expect(refused.ok).toBe(false);
    }
    const definition = testDefinition({ work: call('{{secret.KEPT}}') });
    const edit = { jobId, basedOnRevision: 1, definition, note: '' };
    expect(refusalOf(await editJob(admin, edit)).message).toContain('another key');
    valueOf(await save({ kind: 'script', text: 'true' }));
    startWith(undefined);
    expect((await readSecrets(admin)).vault).toEqual({ state: 'no_key', secrets: 1 });
    expect(
      refusalOf(await addSecret(admin, { name: 'N', value: 'correct-horse' })).message,
    ).toContain('PUNCTUAL_SECRET_KEY is not set');
  });

  test('is rotated: every row under the newest, in batches, and the trail says so', async () => {
    const first = keyRingOf(FIRST);
    const rows = Array.from({ length: 230 }, (_, n) => {
      const { keyId, sealed } = seal(first, `S_${n}`, `value number ${n}`);
      return { name: `S_${n}`, keyId, sealed: Buffer.from(sealed).toString('base64') };
    });
    await web.db().sql(
      `INSERT INTO secret (name, key_id, sealed, created_by, changed_by)
       SELECT name, "keyId", decode(sealed, 'base64'), 'Test', 'Test'
         FROM jsonb_to_recordset($1::text::jsonb) AS r (name text, "keyId" text, sealed text)`,
      [JSON.stringify(rows)],
    );
    await web.db().sql(`UPDATE secret SET sealed = sealed || '\\x00' WHERE name = 'S_7'`);
    startWith(`${SECOND}, ${FIRST}`);
    const workerId = await makeWorker(web.db(), { name: 'w-old' });
    expect(refusalOf(await rotateSecrets(admin)).message).toContain('isn’t known to w-old');
    await web.db().sql('DELETE FROM worker WHERE id = $1', [workerId]);
    const keys = keyRingOf(SECOND);
    expect(valueOf(await rotateSecrets(admin))).toEqual({
      keyId: keys.newest!.id,
      resealed: 229,
      changed: ['S_7'],
      unreadable: 0,
    });
    const resealed = await readSecretRows(web.db().sql, ['S_0', 'S_229']);
    const inOrder = resealed.toSorted((one, other) => one.name.localeCompare(other.name));
    expect(inOrder.map((row) => open(keys, row.name, row))).toMatchObject([
      { value: 'value number 0' },
      { value: 'value number 229' },
    ]);
    const entries = await web
      .db()
      .sql<{ after: { count: number } }>(
        `SELECT after FROM audit_entry WHERE action = 'secret.rotate'`,
      );
    const counts = entries.map(({ after }) => after.count).toSorted((one, other) => one - other);
    expect(counts).toEqual([30, 99, 100]);
  });

  test(
    'is not in a backup, and a restore under another one is closed',
    { timeout: 90_000 },
    async () => {
      valueOf(await addSecret(admin, { name: 'KEPT', value: 'correct-horse' }));
      const folder = await mkdtemp(path.join(tmpdir(), 'punctual-secrets-'));
      const file = path.join(folder, 'backup.gz');
      expect(await punctual(web.db(), ['backup', file])).toMatchObject({ exitCode: 0 });
      const content = gunzipSync(await readFile(file)).toString('latin1');
      expect(content).toContain('KEPT');
      expect(foundIn(content, 'correct-horse')).toEqual([]);
      for (const key of [FIRST, Buffer.from(FIRST, 'base64').toString('hex')]) {
        expect(content).not.toContain(key);
      }
      await using target = await createEmptyDatabase();
      expect(await punctual(target, ['restore', file])).toMatchObject({ exitCode: 0 });
      const list = (key: string) =>
        punctual(target, ['secrets', 'list'], {
          env: { PUNCTUAL_SECRET_KEY: key, DATABASE_URL: target.url, PATH: process.env['PATH'] },
        });
      expect(await list(SECOND)).toMatchObject({
        exitCode: 1,
        stdout: 'KEPT  not used  sealed with another key',
      });
      expect(await list(FIRST)).toMatchObject({ exitCode: 0, stdout: 'KEPT  not used' });
      await rm(folder, { recursive: true });
    },
  );
});

describe('punctual secrets', () => {
  const secrets = (args: string[], input?: string) =>
    punctual(web.db(), ['secrets', ...args], {
      env: { PUNCTUAL_SECRET_KEY: FIRST, DATABASE_URL: web.db().url, PATH: process.env['PATH'] },
      ...(input === undefined ? {} : { stdin: 'pipe', input }),
    });

  test(
    'takes the value from standard input, and tells what it did',
    { timeout: 90_000 },
    async () => {
      expect(await secrets(['list'])).toMatchObject({ stdout: 'There are no secrets.' });
      const set = await secrets(
        ['set', 'FROM_TERMINAL', '--label', 'team=billing'],
        'correct-horse\n',
      );
      expect(set).toMatchObject({ exitCode: 0, stdout: 'FROM_TERMINAL is added.' });
      expect(await secrets(['set', 'FROM_TERMINAL'], 'battery-staple')).toMatchObject({
        stdout: 'FROM_TERMINAL has a new value.',
      });
      const [row] = await readSecretRows(web.db().sql, ['FROM_TERMINAL']);
      expect(open(keyRingOf(FIRST), 'FROM_TERMINAL', row!)).toMatchObject({
        value: 'battery-staple',
      });
      expect(await secrets(['list'])).toMatchObject({
        stdout: 'FROM_TERMINAL  not used  only for team=billing',
      });
      expect(await secrets(['set', 'lower'], 'correct-horse')).toMatchObject({ exitCode: 2 });
      expect(await secrets(['remove', 'FROM_TERMINAL'])).toMatchObject({ exitCode: 0 });
      expect(await secrets(['remove', 'FROM_TERMINAL'])).toMatchObject({ exitCode: 2 });
      expect(await secrets(['rotate'])).toMatchObject({ exitCode: 0 });
    },
  );
});
