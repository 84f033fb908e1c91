import pg from 'pg';
import { beforeEach, describe, expect, test } from 'vitest';
import { insertAuditEntries } from '#core/audit/audit.sql.ts';
import { sealsAfter } from '#core/audit/seal.ts';
import { sealPending } from '#core/audit/seal.ts';
import { verifyTrail } from '#core/audit/verify.ts';
import type { Finding } from '#core/audit/walk.ts';
import { NotAllowed } from '#core/auth/permissions.ts';
import { transaction } from '#core/db.ts';
import { createAuditSealer } from '#worker/audit-sealer.ts';
import { makeJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { admin, viewer, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const sql = <Row extends object>(text: string, values?: readonly unknown[]) =>
  web.db().sql<Row>(text, values);
const sealer = () => createAuditSealer({ pool: web.db().pool });
const verify = async (kept?: ReadonlyMap<number, string>) =>
  valueOf(await verifyTrail(admin, kept));
const findings = async (): Promise<Finding[]> => (await verify()).findings;

const entry = (n: number) => ({
  actor: 'Ada',
  actorId: 'u1',
  action: 'job.pause',
  subject: `queue:number-${n}`,
  before: { n, text: 'grün 😀 "quoted"' },
  after: { n: n + 1, nested: { list: [1, 2.5, null] } },
  reason: `reason ${n}`,
  address: '192.0.2.7',
});
const write = (...numbers: number[]) => insertAuditEntries(web.db().sql, numbers.map(entry));

/** Seals 1 to `count`, whose entries have the numbers that it gives. */
async function sealed(count = 6): Promise<number[]> {
  await write(...Array.from({ length: count }, (_, n) => n + 1));
  await sealer().runOnce();
  const rows = await sql<{ entryId: number }>(
    'SELECT entry_id AS "entryId" FROM audit_seal ORDER BY seq',
  );
  return rows.map(({ entryId }) => entryId);
}

/** What an owner can do who switches the guard off first. */
async function byHand(...statements: string[]): Promise<void> {
  for (const table of ['audit_entry', 'audit_seal']) {
    await sql(`ALTER TABLE ${table} DISABLE TRIGGER ${table}_stands`);
  }
  for (const statement of statements) await sql(statement);
  for (const table of ['audit_entry', 'audit_seal']) {
    await sql(`ALTER TABLE ${table} ENABLE TRIGGER ${table}_stands`);
  }
}

beforeEach(async () => {
  await byHand('TRUNCATE audit_entry, audit_seal, audit_pending');
  await sql(
    `UPDATE audit_head SET seq = 0, hash = '', sealed_at = NULL, verified_at = NULL, verified_seq = NULL, findings = NULL`,
  );
});

describe('the trail', () => {
  test('refuses to be changed, cut or emptied', async () => {
    await sealed(2);
    for (const table of ['audit_entry', 'audit_seal']) {
      for (const attempt of [
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        table === 'audit_entry'
          ? `UPDATE audit_entry SET reason = ''`
          : 'UPDATE audit_seal SET seq = 9',
      ]) {
        await expect(sql(attempt)).rejects.toThrow(/the audit trail is only added to/);
      }
    }
    expect(await findings()).toEqual([]);
  });

  test('says which job an entry is about, also of its runs and once it is deleted', async () => {
    const gone = await makeJob(web.db(), { key: 'sync-customers' });
    await sql('UPDATE job SET deleted_at = now() WHERE id = $1', [gone.id]);
    const goneToo = { ...entry(1), subject: 'job:sync-customers' };
    await insertAuditEntries(web.db().sql, [goneToo]);
    const job = await makeJob(web.db(), { key: 'sync-customers' });
    const runId = await insertRun(web.db().sql, { jobId: job.id });
    const subjects = ['job:sync-customers', `run:${runId}`, 'job:never', 'run:0', 'user:7'];
    await insertAuditEntries(
      web.db().sql,
      subjects.map((subject) => ({ ...entry(1), subject })),
    );
    expect(await sql('SELECT subject, job_id FROM audit_entry ORDER BY id')).toEqual([
      { subject: 'job:sync-customers', job_id: gone.id },
      { subject: 'job:sync-customers', job_id: job.id },
      { subject: `run:${runId}`, job_id: job.id },
      { subject: 'job:never', job_id: null },
      { subject: 'run:0', job_id: null },
      { subject: 'user:7', job_id: null },
    ]);
  });

  test('is walked by those who may read it', async () => {
    await expect(verifyTrail(viewer)).rejects.toThrow(NotAllowed);
  });
});

describe('sealing', () => {
  test('chains every entry once, however many workers seal', async () => {
    await write(...Array.from({ length: 2_500 }, (_, n) => n));
    const workers = [sealer(), sealer(), sealer()];
    for (let pass = 0; pass < 6; pass++) {
      await Promise.all([...workers.map((one) => one.runOnce()), write(10_000 + pass)]);
    }
    await sealer().runOnce();
    const verified = await verify();
    expect(verified).toMatchObject({
      walked: 2_506,
      waiting: 0,
      findings: [],
      head: { seq: 2_506 },
    });
  });

  test('waits for no writer, and takes an entry that is committed late', async () => {
    const slow = new pg.Client({ connectionString: web.db().url });
    await slow.connect();
    try {
      await slow.query('BEGIN');
      await slow.query(
        `INSERT INTO audit_entry (actor, action, subject) VALUES ('Ada', 'job.edit', 'job:slow')`,
      );
      await write(1, 2);
      expect((await sealer().runOnce()).counts).toEqual({ sealed: 2 });
      expect(await verify()).toMatchObject({ walked: 2, waiting: 0, findings: [] });
      await slow.query('COMMIT');
    } finally {
      await slow.end();
    }
    expect(await verify()).toMatchObject({ walked: 2, waiting: 1, findings: [] });
    expect((await sealer().runOnce()).counts).toEqual({ sealed: 1 });
    const order = await sql<{ id: number }>('SELECT entry_id AS id FROM audit_seal ORDER BY seq');
    expect(order.map(({ id }) => id)).not.toEqual(
      order.map(({ id }) => id).toSorted((a, b) => a - b),
    );
    expect(await findings()).toEqual([]);
  });

  test('is undone with its transaction, and what was rolled back was never there', async () => {
    await write(1, 2, 3);
    const failed = transaction(web.db().pool, async (own) => {
      await sealPending(own, 100);
      throw new Error('cut off');
    });
    await expect(failed).rejects.toThrow('cut off');
    expect(await verify()).toMatchObject({ walked: 0, waiting: 3, findings: [] });
    expect((await sealer().runOnce()).counts).toEqual({ sealed: 3 });
    const aborted = transaction(web.db().pool, async (own) => {
      await insertAuditEntries(own, [entry(9)]);
      throw new Error('cut off');
    });
    await expect(aborted).rejects.toThrow('cut off');
    expect(await verify()).toMatchObject({ walked: 3, waiting: 0, findings: [] });
  });

  test('passes over what is marked as waiting though it is sealed, or isn’t there', async () => {
    const [first] = await sealed(2);
    await sql('INSERT INTO audit_pending VALUES ($1), (999999)', [first]);
    expect((await sealer().runOnce()).counts).toEqual({ sealed: 0 });
    expect(await verify()).toMatchObject({ walked: 2, waiting: 0, findings: [] });
  });
});

describe('a walk says what was done by hand', () => {
  test.each(['actor', 'action', 'subject', 'reason', 'address', 'actor_id'])(
    'another %s',
    async (column) => {
      const ids = await sealed();
      await byHand(`UPDATE audit_entry SET ${column} = 'x' WHERE id = ${ids[2]}`);
      expect(await findings()).toMatchObject([{ kind: 'changed', seq: 3, entryId: ids[2] }]);
    },
  );

  test.each([
    [`at = at + interval '1 ms'`],
    ['job_id = 7'],
    ['before = NULL'],
    [`after = jsonb_set(after, '{nested,list,1}', '2.50')`],
    [`before = 'null'`],
  ])('%s', async (change) => {
    const ids = await sealed();
    await byHand(`UPDATE audit_entry SET ${change} WHERE id = ${ids[4]}`);
    expect(await findings()).toMatchObject([{ kind: 'changed', seq: 5, entryId: ids[4] }]);
  });

  test('an entry taken out of the middle', async () => {
    const ids = await sealed();
    await byHand(`DELETE FROM audit_entry WHERE id = ${ids[3]}`);
    expect(await findings()).toEqual([{ kind: 'removed', seq: 4, entryId: ids[3] }]);
  });

  test('an entry taken out with its seal', async () => {
    const ids = await sealed();
    await byHand(
      `DELETE FROM audit_entry WHERE id = ${ids[3]}`,
      'DELETE FROM audit_seal WHERE seq = 4',
    );
    expect(await findings()).toEqual([{ kind: 'seals_removed', fromSeq: 4, toSeq: 4 }]);
  });

  test('and the seals after it moved up to hide it', async () => {
    const ids = await sealed();
    await byHand(
      `DELETE FROM audit_entry WHERE id = ${ids[3]}`,
      'DELETE FROM audit_seal WHERE seq = 4',
      'UPDATE audit_seal SET seq = seq + 1000 WHERE seq > 4',
      'UPDATE audit_seal SET seq = seq - 1001 WHERE seq > 1000',
      'UPDATE audit_head SET seq = 5',
    );
    expect(await findings()).toMatchObject([
      { kind: 'unlinked', seq: 4, entryId: ids[4] },
      { kind: 'unlinked', seq: 5, entryId: ids[5] },
    ]);
  });

  test('the newest ones cut off', async () => {
    const ids = await sealed();
    await byHand(
      `DELETE FROM audit_entry WHERE id >= ${ids[4]}`,
      'DELETE FROM audit_seal WHERE seq >= 5',
    );
    expect(await findings()).toEqual([{ kind: 'tail_removed', fromSeq: 5, toSeq: 6 }]);
  });

  test('the head put back to hide that: only one that was kept outside tells', async () => {
    const ids = await sealed();
    const { head } = await verify();
    await byHand(
      `DELETE FROM audit_entry WHERE id >= ${ids[4]}`,
      'DELETE FROM audit_seal WHERE seq >= 5',
      'UPDATE audit_head h SET seq = s.seq, hash = s.hash FROM audit_seal s WHERE s.seq = 4',
    );
    expect(await findings()).toEqual([]);
    const kept = new Map([[head.seq, head.hash]]);
    expect((await verify(kept)).findings).toEqual([{ kind: 'not_the_kept_one', seq: 6 }]);
    // And so does one whose place was filled again.
    await write(21, 22);
    await sealer().runOnce();
    expect(await verify(kept)).toMatchObject({
      head: { seq: 6 },
      findings: [{ kind: 'not_the_kept_one' }],
    });
  });

  test('an entry changed and sealed anew', async () => {
    const ids = await sealed();
    const [row] = await sql<{ hash: string }>('SELECT hash FROM audit_seal WHERE seq = 2');
    await byHand(`UPDATE audit_entry SET reason = 'nothing' WHERE id = ${ids[2]}`);
    const [changed] = await sql<Parameters<typeof sealsAfter>[1][number]>(
      `SELECT id, at, actor, actor_id AS "actorId", job_id AS "jobId", action, subject, before::text AS before,
              after::text AS after, reason, address FROM audit_entry WHERE id = $1`,
      [ids[2]],
    );
    const [forged] = sealsAfter({ seq: 2, hash: row!.hash }, [changed!], new Date());
    await byHand(
      `UPDATE audit_seal SET digest = '${forged!.digest}', hash = '${forged!.hash}',
              sealed_at = '${forged!.sealedAt.toISOString()}' WHERE seq = 3`,
    );
    expect(await findings()).toEqual([{ kind: 'unlinked', seq: 4, entryId: ids[3] }]);
  });

  test('the newest entry changed and sealed anew', async () => {
    await sealed();
    await byHand(`UPDATE audit_seal SET hash = repeat('0', 64) WHERE seq = 6`);
    expect(await findings()).toMatchObject([
      { kind: 'unlinked', seq: 6 },
      { kind: 'head_changed' },
    ]);
  });

  test('two entries in each other’s place', async () => {
    const ids = await sealed();
    await byHand(
      `UPDATE audit_entry SET id = -1 WHERE id = ${ids[1]}`,
      `UPDATE audit_entry SET id = ${ids[1]} WHERE id = ${ids[4]}`,
      `UPDATE audit_entry SET id = ${ids[4]} WHERE id = -1`,
    );
    expect(await findings()).toEqual([
      { kind: 'reordered', seq: 2, entryId: ids[1], otherSeq: 5, otherEntryId: ids[4] },
    ]);
  });

  test('an entry put between past the rules', async () => {
    const ids = await sealed();
    await byHand(
      `INSERT INTO audit_entry (id, actor, action, subject) VALUES (-7, 'Ada', 'job.edit', 'job:x')`,
      'DELETE FROM audit_pending',
    );
    expect(await findings()).toEqual([{ kind: 'inserted', entryId: -7 }]);
    expect(ids).toHaveLength(6);
  });

  test('a head that is gone', async () => {
    await sealed();
    await byHand('DELETE FROM audit_head');
    expect(await findings()).toEqual([{ kind: 'head_changed', seq: 6 }]);
    await sql(
      'INSERT INTO audit_head (seq, hash) SELECT seq, hash FROM audit_seal ORDER BY seq DESC LIMIT 1',
    );
    expect(await findings()).toEqual([]);
  });
});
