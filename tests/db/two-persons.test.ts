import { beforeEach, describe, expect, test } from 'vitest';
import { usualGrant } from '#core/auth/usual-grant.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { changeTwoPersons } from '#core/installation/two-persons.ts';
import { editJob, restoreRevision } from '#core/jobs/edit-job.ts';
import { readDefinition } from '#core/jobs/read-job.ts';
import { allowProposal, refuseProposal, withdrawProposal } from '#core/proposals/decide.ts';
import { listWaitingEdits, readProposal } from '#core/proposals/read-proposals.ts';
import { readWhy } from '#core/why/read-why.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { refusalOf, valueOf } from '#tests/support/outcomes.ts';
import { fresh } from '#tests/support/seeds.ts';
import { admin, makeUser, webDatabase } from '#tests/support/web.ts';

const { db } = webDatabase();
type Person = Extract<Actor, { kind: 'user' }>;

let ann: Person;
let ben: Person;
let job: TestJob;

beforeEach(async () => {
  valueOf(await changeTwoPersons(admin, { labels: [{ name: 'team', value: 'billing' }] }));
  ann = await makeUser(`${fresh('ann')}@example.org`, 'editor');
  ben = await makeUser(`${fresh('ben')}@example.org`, 'editor');
  job = await makeJob(db(), {
    key: fresh('invoices'),
    labels: { team: 'billing' },
    work: { kind: 'http', url: 'https://example.org/' },
  });
});

const edit = (actor: Actor, notes: string, more = {}) =>
  editJob(actor, {
    jobId: job.id,
    basedOnRevision: 1,
    definition: { ...job.definition, notes, ...more },
    note: `says ${notes}`,
  });
const proposed = async (actor: Actor, notes: string, more = {}) => {
  const { proposal } = valueOf(await edit(actor, notes, more));
  expect(proposal).not.toBeNull();
  return proposal!;
};
const current = async () => valueOf(await readDefinition(admin, job.key));

describe('an edit of a job whose label takes two persons', () => {
  test('changes nothing until somebody else allows it, and names both', async () => {
    const id = await proposed(ann, 'new words');
    expect(await current()).toMatchObject({ number: 1 });
    expect(valueOf(await readProposal(ben, { jobId: job.id }))).toMatchObject({
      id,
      proposedBy: ann.name,
      isOwn: false,
      isOvertaken: false,
      mayDecide: true,
      before: { notes: '' },
      after: { notes: 'new words' },
    });
    expect((await listWaitingEdits(ben)).map((each) => each.id)).toContain(id);
    const why = valueOf(await readWhy(ben, { key: job.key }));
    expect(why.causes.map(({ key }) => key)).toContain('edit_waits');

    expect(valueOf(await allowProposal(ben, { id }))).toMatchObject({ revision: 2 });
    expect(await current()).toMatchObject({
      number: 2,
      note: 'says new words',
      savedBy: `${ann.name} and ${ben.name}`,
      definition: { notes: 'new words' },
    });
    expect(valueOf(await readProposal(ben, { jobId: job.id }))).toBeNull();
    const entries = await db().sql<{ actor: string; action: string }>(
      `SELECT actor, action FROM audit_entry WHERE subject = $1 ORDER BY id`,
      [`job:${job.key}`],
    );
    expect(entries.slice(-2)).toEqual([
      { actor: ann.name, action: 'proposal.make' },
      { actor: ben.name, action: 'job.edit' },
    ]);
  });

  test('with a number of fires counts them from when it is allowed', async () => {
    const schedule = {
      type: 'interval',
      everyMs: 60_000,
      anchor: '2026-01-01T00:00:00Z',
      timeZone: 'UTC',
      maxFires: 2,
    } as const;
    const id = await proposed(ann, 'twice', { schedule });
    const waiting = valueOf(await readProposal(ben, { jobId: job.id }));
    expect(waiting?.after?.schedule).not.toHaveProperty('startsAt');
    const allowedFrom = Date.now();
    valueOf(await allowProposal(ben, { id }));
    const { definition } = await current();
    const { startsAt } = definition.schedule as { startsAt: string };
    expect(Date.parse(startsAt)).toBeGreaterThanOrEqual(allowedFrom);
  });

  test('nobody is their own second person, whatever their role', async () => {
    const chief = await makeUser(`${fresh('chief')}@example.org`, 'admin');
    const id = await proposed(chief, 'by myself');
    expect(refusalOf(await allowProposal(chief, { id })).code).toBe('not_allowed');
    expect(await current()).toMatchObject({ number: 1 });
  });

  test('takes of the second person what it takes to save it', async () => {
    const schedule = { type: 'cron', lines: ['0 4 * * *'], timeZone: 'UTC' } as const;
    const id = await proposed(ann, 'at four', { schedule });
    const cannot = await makeUser(`${fresh('cannot')}@example.org`, [
      { role: 'editor', label: null, extra: [] },
    ]);
    await expect(allowProposal(cannot, { id })).rejects.toThrow(/when this job fires/);
    const elsewhere = await makeUser(`${fresh('elsewhere')}@example.org`, [
      usualGrant('editor', { name: 'team', value: 'ops' }),
    ]);
    expect(refusalOf(await allowProposal(elsewhere, { id })).code).toBe('not_found');
    expect(refusalOf(await refuseProposal(elsewhere, { id, reason: 'no' })).code).toBe('not_found');
    expect(valueOf(await readProposal(elsewhere, { jobId: job.id }))).toBeNull();
    valueOf(await allowProposal(ben, { id }));
  });

  test('taking the label off takes two persons too, and so does putting it on', async () => {
    expect(await proposed(ann, 'free', { labels: {} })).toBeGreaterThan(0);
    const other = await makeJob(db(), {
      key: fresh('other'),
      work: { kind: 'http', url: 'https://example.org/' },
    });
    const outcome = await editJob(ann, {
      jobId: other.id,
      basedOnRevision: 1,
      definition: { ...other.definition, labels: { team: 'billing' } },
      note: '',
    });
    expect(valueOf(outcome).proposal).not.toBeNull();
  });

  test('another person’s edit waits for the first to be decided; one’s own replaces it', async () => {
    const first = await proposed(ann, 'one');
    expect(refusalOf(await edit(ben, 'two'))).toMatchObject({ code: 'conflict' });
    const second = await proposed(ann, 'three');
    expect(refusalOf(await allowProposal(ben, { id: first })).code).toBe('conflict');
    valueOf(await allowProposal(ben, { id: second }));
    expect((await current()).definition.notes).toBe('three');
  });

  test('refused or taken back it changes nothing, with the reason in the trail', async () => {
    const refused = await proposed(ann, 'no good');
    expect(refusalOf(await refuseProposal(ben, { id: refused, reason: ' ' })).fields).toHaveLength(
      1,
    );
    valueOf(await refuseProposal(ben, { id: refused, reason: 'the month isn’t closed' }));
    const own = await proposed(ann, 'other words');
    expect(refusalOf(await withdrawProposal(ben, { id: own })).code).toBe('not_allowed');
    valueOf(await withdrawProposal(ann, { id: own }));
    expect(await current()).toMatchObject({ number: 1 });
    expect(refusalOf(await allowProposal(ben, { id: own })).code).toBe('conflict');
    const [entry] = await db().sql<{ reason: string }>(
      `SELECT reason FROM audit_entry WHERE action = 'proposal.refuse' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry!.reason).toBe('the month isn’t closed');
  });

  test('allowed by two at once it makes one revision', async () => {
    const id = await proposed(ann, 'once');
    const cleo = await makeUser(`${fresh('cleo')}@example.org`, 'editor');
    const outcomes = await Promise.all([allowProposal(ben, { id }), allowProposal(cleo, { id })]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await current()).number).toBe(2);
  });

  test('overtaken by another revision it can’t be allowed, and says what came between', async () => {
    const id = await proposed(ann, 'late');
    valueOf(await changeTwoPersons(admin, { labels: [] }));
    valueOf(await edit(ben, 'first'));
    const refusal = refusalOf(await allowProposal(admin2(), { id }));
    expect(refusal).toMatchObject({ code: 'conflict', newer: { revision: 2 } });
    expect(valueOf(await readProposal(ben, { jobId: job.id }))).toBeNull();
  });

  test('restoring an earlier revision waits as well; what Punctual edits doesn’t', async () => {
    valueOf(await edit(admin, 'second'));
    const restored = valueOf(
      await restoreRevision(ann, { jobId: job.id, basedOnRevision: 2, revision: 1, note: '' }),
    );
    expect(restored).toMatchObject({ isChanged: false, revision: 2 });
    valueOf(await allowProposal(ben, { id: restored.proposal! }));
    expect(await current()).toMatchObject({ number: 3, definition: { notes: '' } });
  });

  test('without the rule an edit is saved at once', async () => {
    valueOf(await changeTwoPersons(admin, { labels: [{ name: 'team', value: 'ops' }] }));
    expect(valueOf(await edit(ann, 'at once'))).toMatchObject({ isChanged: true, proposal: null });
  });
});

const admin2 = (): Person => ({ ...ben, id: 'somebody-else', name: 'Somebody Else' });
