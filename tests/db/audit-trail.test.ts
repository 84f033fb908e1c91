import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { insertAuditEntries } from '#core/audit/audit.sql.ts';
import { exportTrail } from '#core/audit/export-trail.ts';
import { listTrail, listTrailChoices, type TrailEntry } from '#core/audit/trail.ts';
import { readTrailState } from '#core/audit/verify.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { CONSOLE_CHANNEL, createClient } from '#core/db.ts';
import { createAuditSealer } from '#worker/audit-sealer.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { admin, makeUser, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const list = async (input: Parameters<typeof listTrail>[1] = {}) =>
  valueOf(await listTrail(admin, input));
const subjects = (entries: readonly TrailEntry[]) => entries.map(({ subject }) => subject);

let runId: number;
beforeAll(async () => {
  const { sql } = web.db();
  const user = await makeUser('ada@example.org');
  const job = await makeJob(web.db(), { key: 'nightly-backup' });
  runId = await insertRun(sql, { jobId: job.id });
  const usual = {
    actor: 'Ada',
    actorId: user.id,
    before: null,
    after: null,
    reason: '',
    address: null,
  };
  await insertAuditEntries(sql, [
    {
      ...usual,
      action: 'job.pause',
      subject: 'job:nightly-backup',
      reason: '100% of the disk is full',
    },
    { ...usual, action: 'run.cancel', subject: `run:${runId}`, before: { state: 'queued' } },
    {
      ...usual,
      actor: 'Grace',
      actorId: null,
      action: 'queue.change',
      subject: 'queue:reports',
      before: { maxRunning: 3 },
      after: { maxRunning: 9, note: 'GRÖSSER' },
    },
    {
      ...usual,
      action: 'job.edit',
      subject: 'job:nightly-backup',
      reason: '=HYPERLINK("http://example.org")',
    },
    {
      ...usual,
      action: 'job.edit',
      subject: 'job:nightly-backup',
      reason: 'tabs\tand "quotes",\nlines',
    },
  ]);
  await createAuditSealer({ pool: web.db().pool }).runOnce();
  await insertAuditEntries(sql, [{ ...usual, action: 'user.disable', subject: 'user:7' }]);
});

describe('the trail', () => {
  test('tells who did what to what, newest first, and what isn’t sealed yet', async () => {
    const { entries, newer, older } = await list();
    expect([newer, older]).toEqual([null, null]);
    expect(entries[0]).toMatchObject({ subject: 'user:7', seq: null, job: null });
    expect(entries[3]).toEqual({
      id: expect.any(Number),
      at: expect.any(String),
      actor: 'Grace',
      email: null,
      action: 'queue.change',
      subject: 'queue:reports',
      subjectName: null,
      before: { maxRunning: 3 },
      after: { maxRunning: 9, note: 'GRÖSSER' },
      reason: '',
      address: null,
      job: null,
      seq: 3,
    });
    expect(entries.at(-1)).toMatchObject({
      actor: 'Ada',
      email: 'ada@example.org',
      job: { id: expect.any(Number), key: 'nightly-backup', isDeleted: false },
      seq: 1,
    });
  });

  test.each([
    [{ who: 'Grace' }, ['queue:reports']],
    [{ action: 'queue.change' }, ['queue:reports']],
    [{ action: 'user.' }, ['user:7']],
    [{ subject: 'queue:reports' }, ['queue:reports']],
    [{ text: 'grösser' }, ['queue:reports']],
    [{ text: 'MAXRUNNING' }, ['queue:reports']],
    [{ text: '100% of' }, ['job:nightly-backup']],
    [{ text: '100_' }, []],
    [{ text: 'queue:rep' }, ['queue:reports']],
    [{ who: 'Ada', action: 'queue.' }, []],
    [{ from: new Date(Date.now() + 60_000) }, []],
    [{ to: new Date(Date.now() - 3_600_000) }, []],
    [{ job: 'nope' }, []],
  ])('is narrowed by %j', async (filters, expected) => {
    expect(subjects((await list(filters)).entries)).toEqual(expected);
  });

  test('of a job has its runs, also once it is deleted and its key is another’s', async () => {
    const expected = [
      'job:nightly-backup',
      'job:nightly-backup',
      `run:${runId}`,
      'job:nightly-backup',
    ];
    expect(subjects((await list({ job: 'nightly-backup' })).entries)).toEqual(expected);
  });

  test('is paged both ways without losing or doubling an entry', async () => {
    const all = (await list()).entries.map(({ id }) => id);
    for (const filters of [{}, { text: 'o' }]) {
      const whole = (await list(filters)).entries.map(({ id }) => id);
      const seen: number[] = [];
      let page = await list({ ...filters, limit: 2 });
      for (;;) {
        seen.push(...page.entries.map(({ id }) => id));
        if (page.older === null) break;
        page = await list({ ...filters, limit: 2, cursor: page.older });
      }
      expect(seen).toEqual(whole);
      while (page.newer !== null) page = await list({ ...filters, limit: 2, cursor: page.newer });
      expect(page.entries.map(({ id }) => id)).toEqual(whole.slice(0, 2));
    }
    expect(all).toHaveLength(6);
  });

  test('refuses what isn’t whole, and those who may not read it', async () => {
    for (const bad of [
      { cursor: 'x' },
      { cursor: 'o9999999999999999' },
      { text: 'a\0b' },
      { job: 'No Key' },
    ]) {
      expect(refusalOf(await listTrail(admin, bad)).code).toBe('invalid');
    }
    await expect(listTrail(viewer, {})).rejects.toThrow(NotAllowed);
    await expect(listTrailChoices(viewer)).rejects.toThrow(NotAllowed);
    await expect(readTrailState(viewer)).rejects.toThrow(NotAllowed);
    await expect(exportTrail(viewer, {}, 'csv')).rejects.toThrow(NotAllowed);
  });

  test('names everybody and everything once, for choosing', async () => {
    expect(await listTrailChoices(admin)).toEqual({
      actors: ['Ada', 'Grace'],
      actions: ['job.edit', 'job.pause', 'queue.change', 'run.cancel', 'user.disable'],
    });
  });

  test('says how far it is sealed', async () => {
    expect(await readTrailState(admin)).toMatchObject({
      seq: 5,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      waiting: 1,
      guard: { couldBeLifted: true },
    });
  });

  test('announces each new entry, when it is committed', async () => {
    const client = createClient(web.db().url, 'test');
    await client.connect();
    try {
      await client.query(`LISTEN ${CONSOLE_CHANNEL}`);
      const heard = new Promise((resolve) =>
        client.on('notification', ({ payload }) => resolve(payload)),
      );
      const entry = {
        actor: 'Hedy',
        action: 'a.b',
        subject: 'x',
        before: null,
        after: null,
        reason: '',
        address: null,
      };
      await insertAuditEntries(web.db().sql, [entry]);
      expect(await heard).toBe('{"topic":"audit","ids":[]}');
    } finally {
      await client.end();
    }
  });
});

describe('an export', () => {
  test('is a table without formulas, and stands in the trail itself', async () => {
    const text = await textOf(valueOf(await exportTrail(admin, { job: 'nightly-backup' }, 'csv')));
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('id,at,who,email,action,subject,job,before,after,reason,address,seal');
    expect(lines[1]).toMatch(/,"tabs\tand ""quotes"",\nlines",,5$/);
    expect(lines[2]).toContain(`"'=HYPERLINK(""http://example.org"")"`);
    expect(lines[3]).toContain('"{""state"":""queued""}"');
    const { entries } = await list({ action: 'audit.export' });
    expect(entries[0]).toMatchObject({
      actor: 'Test',
      after: { format: 'csv', job: 'nightly-backup' },
    });
  });

  test('has a line of JSON an entry', async () => {
    const text = await textOf(valueOf(await exportTrail(admin, { who: 'Grace' }, 'jsonl')));
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as TrailEntry),
    ).toMatchObject([{ subject: 'queue:reports', before: { maxRunning: 3 } }]);
  });
});

describe('punctual audit', () => {
  test('prints entries, and nothing that a terminal obeys', async () => {
    await insertAuditEntries(web.db().sql, [
      {
        actor: 'Eve\u001b[31m',
        action: 'a.b',
        subject: 'x',
        before: null,
        after: null,
        reason: 'line\r\nnext',
        address: '192.0.2.9',
      },
    ]);
    const { code, out } = await punctual('audit', '--limit', '1');
    expect(code).toBe(0);
    expect(out).toMatch(
      /^\d+ {2}\S+ {2}Eve·\[31m from 192\.0\.2\.9 {2}a\.b {2}x {2}“line··next”\n$/,
    );
    const json = await punctual('audit', '--job', 'nightly-backup', '--json');
    expect(json.out.trim().split('\n')).toHaveLength(4);
  });

  test('verifies, and ends with 1 once a row was changed by hand, naming it', async () => {
    const head = (await punctual('audit', 'head')).out.trim();
    expect(head).toMatch(/^5:[0-9a-f]{64}$/);
    const fine = await punctual('audit', 'verify', '--head', head);
    expect([fine.code, fine.err]).toEqual([0, '']);
    expect(fine.out).toMatch(
      /^5 sealed entries are as they were written\.\n\d+ entries wait to be sealed\.\nHead: 5:/,
    );
    expect(fine.out).toContain('it could lift what keeps the trail from being changed');
    const { sql } = web.db();
    const [entry] = await sql<{ id: number }>(
      `SELECT id FROM audit_entry WHERE subject = 'queue:reports'`,
    );
    await sql('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stands');
    await sql(`UPDATE audit_entry SET actor = 'Nobody' WHERE id = $1`, [entry!.id]);
    const found = await punctual('audit', 'verify');
    expect(found.code).toBe(1);
    expect(found.out).toContain(
      `Entry ${entry!.id} (seal 3) was changed: it now says queue.change of queue:reports.\n`,
    );
    expect(JSON.parse((await punctual('audit', 'verify', '--json')).out)).toMatchObject({
      findings: [{ kind: 'changed', entryId: entry!.id, sentence: expect.any(String) }],
    });
    expect(await readTrailState(admin)).toMatchObject({ verified: { findings: 1, seq: 5 } });
    for (const wrong of ['5', `5:${'0'.repeat(63)}`]) {
      expect((await punctual('audit', 'verify', '--head', wrong)).code).toBe(2);
    }
    await sql(`UPDATE audit_entry SET actor = 'Grace' WHERE id = $1`, [entry!.id]);
    await sql('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stands');
    const other = await punctual('audit', 'verify', '--head', `4:${'0'.repeat(64)}`);
    expect([other.code, other.out]).toEqual([
      1,
      expect.stringContaining('isn’t part of this chain'),
    ]);
  });
});

async function textOf(parts: AsyncGenerator<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

async function punctual(...words: string[]) {
  const program = path.resolve(import.meta.dirname, '../../cli/punctual.ts');
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...words], {
      env: { ...process.env, DATABASE_URL: web.db().url },
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}
