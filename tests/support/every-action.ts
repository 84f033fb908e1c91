import type { Permission } from '#core/auth/permission-table.ts';
import { signIn } from '#core/auth/sign-in.ts';
import { cancelBackfill, pauseBackfill } from '#core/backfill/change-backfill.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { prisma } from '#core/prisma.ts';
import { addSamples, removeSamples } from '#core/samples/samples.ts';
import { createChannel } from '#core/channels/channels.ts';
import { addSecret } from '#core/secrets/change-secrets.ts';
import { inviteUser } from '#core/users/invitations.ts';
import { makePasswordLink } from '#core/users/password-links.ts';
import { disableUser } from '#core/users/users.ts';
import { testDefinition } from './jobs.ts';
import { insertWorker } from './ledger.ts';
import { valueOf } from './outcomes.ts';
import { sentAlong } from './request-context.ts';
import { secondFactorBegun, withSecondFactor } from './second-factors.ts';
import { forgetServers, nameMailServer, nameProvider } from './named-servers.ts';
import {
  backfillOf,
  blackoutOf,
  blackoutSays,
  calendarOf,
  calendarSays,
  editedJobOf,
  fresh,
  hourly,
  jobOf,
  jobWithOpenCircuit,
  jobWithState,
  newJobOf,
  pausedJobOf,
  proposalOf,
  REASON,
  runOf,
  type Seed,
} from './seeds.ts';
import { admin, makeUser, TEST_PASSWORD } from './web.ts';

/** What a permission is asked for. A sample of a `job` or a `run` makes one whose job carries the seed's labels. */
export type TouchedObject =
  'job' | 'run' | 'queue' | 'calendar' | 'blackout' | 'worker' | 'installation' | 'user';

/**
 * Every server action, with what it takes to call it for real: tests walk it. One that is missing here fails
 * tests/db/every-action.test.ts.
 */
export type EveryAction = {
  /** File and export: `app/(console)/jobs/actions.ts#triggerJobs`. */
  name: string;
  /** `signed in`: about the caller alone. `open`: needs no session. */
  permission: Permission | 'signed in' | 'open';
  /** What it takes beside, for this sample. */
  also?: readonly Permission[];
  /** Each of these suffices as well. */
  mayAlso?: readonly Permission[];
  /** Its object isn’t there before. */
  isNew?: true;
  object: TouchedObject;
  /** Makes what the action works on, and gives an input that it takes. Each call makes anew. */
  sample: (seed: Seed) => unknown;
  /** The entry that the trail has afterwards; null: it changes nothing. */
  entry: string | null;
  /** Nothing was before, and nothing more is to be said of it than who and when. */
  isAllSaid?: true;
};

const CONSOLE = 'app/(console)';
const JOB = `${CONSOLE}/jobs/[key]/actions.ts`;
const BACKFILL = `${CONSOLE}/jobs/[key]/backfill/actions.ts`;
const STATE = `${CONSOLE}/jobs/[key]/(job)/state/actions.ts`;
const PROPOSAL = `${CONSOLE}/jobs/[key]/proposal/actions.ts`;
const RUNS = `${CONSOLE}/runs/actions.ts`;
const INSTALLATION = `${CONSOLE}/settings/installation/actions.ts`;
const PEOPLE = `${CONSOLE}/settings/people/actions.ts`;
const CALENDARS = `${CONSOLE}/calendars/actions.ts`;
const BLACKOUTS = `${CONSOLE}/calendars/blackouts/actions.ts`;
const CHANNELS = `${CONSOLE}/settings/channels/actions.ts`;
const SECRETS = `${CONSOLE}/settings/secrets/actions.ts`;
const WELCOME = 'app/welcome/actions.ts';

const ORIGIN = 'http://localhost:3000';
const IN_A_DAY = () => new Date(Date.now() + 86_400_000).toISOString();
const TRIAL = { share: 50, untilRuns: 20, untilHours: 24 } as const;
const QUEUE = { maxRunning: 4, maxWaiting: 100, defaultTimeoutMs: 60_000 };
const MAILED = { kind: 'email', to: ['on-call@example.org'] } as const;
const NEXT_PASSWORD = 'another four plain words';

export const EVERY_ACTION: readonly EveryAction[] = [
  {
    name: `${CONSOLE}/jobs/actions.ts#triggerJobs`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => ({ jobIds: [(await jobOf(seed)).id] }),
    entry: 'job.trigger',
  },
  {
    name: `${CONSOLE}/jobs/new/actions.ts#createJob`,
    permission: 'job:write',
    isNew: true,
    object: 'job',
    sample: ({ labels }) => ({
      definition: testDefinition({
        key: fresh('made'),
        labels,
        work: { kind: 'http', url: 'https://example.org/ping' },
      }),
      note: REASON,
    }),
    entry: 'job.create',
  },
  {
    name: `${CONSOLE}/jobs/[key]/edit/actions.ts#editJob`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => {
      const { id, definition } = await jobOf(seed);
      const edited = { ...definition, notes: 'as edited' };
      return { jobId: id, basedOnRevision: 1, definition: edited, note: REASON };
    },
    entry: 'job.edit',
  },
  {
    name: `${JOB}#triggerJob`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => ({ jobId: (await jobOf(seed)).id, note: REASON }),
    entry: 'job.trigger',
  },
  {
    name: `${JOB}#pauseJobs`,
    permission: 'job:pause',
    object: 'job',
    sample: async (seed) => ({ jobIds: [(await jobOf(seed)).id], reason: REASON }),
    entry: 'job.pause',
  },
  {
    name: `${JOB}#resumeJobs`,
    permission: 'job:pause',
    object: 'job',
    sample: async (seed) => ({ jobIds: [(await pausedJobOf(seed)).id] }),
    entry: 'job.resume',
  },
  {
    name: `${JOB}#closeCircuit`,
    permission: 'job:pause',
    object: 'job',
    sample: async (seed) => ({ jobId: (await jobWithOpenCircuit(seed)).id }),
    entry: 'circuit.close',
  },
  {
    name: `${JOB}#changePauseEnd`,
    permission: 'job:pause',
    object: 'job',
    sample: async (seed) => ({
      jobIds: [(await pausedJobOf(seed)).id],
      end: { until: IN_A_DAY() },
    }),
    entry: 'job.pause.end',
  },
  {
    name: `${JOB}#endTrial`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => ({ jobId: (await editedJobOf(seed, TRIAL)).id, outcome: 'went_on' }),
    entry: 'job.trial_on',
  },
  {
    name: `${JOB}#duplicateJob`,
    permission: 'job:write',
    // The copy has a schedule.
    also: ['job:write_when'],
    object: 'job',
    sample: async (seed) => ({ jobId: (await jobOf(seed)).id }),
    entry: 'job.create',
  },
  {
    name: `${JOB}#deleteJob`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => {
      const { id, key } = await jobOf(seed);
      return { jobId: id, confirmKey: key };
    },
    entry: 'job.delete',
  },
  {
    name: `${JOB}#restoreRevision`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => ({
      jobId: (await editedJobOf(seed)).id,
      basedOnRevision: 2,
      revision: 1,
    }),
    entry: 'job.restore',
  },
  {
    name: `${PROPOSAL}#allowProposal`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => ({ id: (await proposalOf(seed, 'somebody')).id }),
    entry: 'job.edit',
  },
  {
    name: `${PROPOSAL}#refuseProposal`,
    permission: 'job:write',
    mayAlso: ['job:write_when'],
    object: 'job',
    sample: async (seed) => ({ id: (await proposalOf(seed, 'somebody')).id, reason: REASON }),
    entry: 'proposal.refuse',
  },
  {
    name: `${PROPOSAL}#withdrawProposal`,
    permission: 'job:read',
    object: 'job',
    sample: async (seed) => ({ id: (await proposalOf(seed, seed.caller.userId)).id }),
    entry: 'proposal.withdraw',
  },
  {
    name: `${INSTALLATION}#changeTwoPersons`,
    permission: 'installation:write',
    object: 'installation',
    sample: () => ({ labels: [{ name: fresh('label'), value: null }] }),
    entry: 'installation.two_persons',
  },
  {
    name: `${STATE}#editJobState`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => ({
      jobId: (await jobOf(seed)).id,
      basedOn: null,
      body: 'cursor 7',
      reason: REASON,
    }),
    entry: 'job.state',
  },
  {
    name: `${STATE}#restoreJobState`,
    permission: 'job:write',
    object: 'job',
    sample: async (seed) => ({
      jobId: (await jobWithState(seed)).id,
      basedOn: null,
      version: 1,
      reason: REASON,
    }),
    entry: 'job.state.restore',
  },
  {
    name: `${BACKFILL}#startBackfill`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => ({
      jobId: (await newJobOf(seed)).id,
      from: new Date(Date.now() - 86_400_000).toISOString(),
      reason: REASON,
    }),
    entry: 'job.backfill',
  },
  {
    name: `${BACKFILL}#pauseBackfill`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => ({ id: (await backfillOf(seed)).id }),
    entry: 'job.backfill.pause',
  },
  {
    name: `${BACKFILL}#goOnWithBackfill`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => {
      const { id } = await backfillOf(seed);
      valueOf(await pauseBackfill(admin, { id }));
      return { id };
    },
    entry: 'job.backfill.go_on',
  },
  {
    name: `${BACKFILL}#cancelBackfill`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => ({ id: (await backfillOf(seed)).id }),
    entry: 'job.backfill.cancel',
  },
  {
    name: `${BACKFILL}#changeBackfillRate`,
    permission: 'job:trigger',
    object: 'job',
    sample: async (seed) => ({ id: (await backfillOf(seed)).id, perMinute: 7, atOnce: 2 }),
    entry: 'job.backfill.rate',
  },
  {
    name: `${RUNS}#cancel`,
    permission: 'run:cancel',
    object: 'run',
    sample: async (seed) => ({ runIds: [(await runOf(seed, { state: 'queued' })).runId] }),
    entry: 'run.cancel',
  },
  {
    name: `${RUNS}#retry`,
    permission: 'run:retry',
    object: 'run',
    sample: async (seed) => ({ runIds: [(await runOf(seed)).runId], note: REASON }),
    entry: 'run.retry',
  },
  {
    name: `${RUNS}#runAgainWith`,
    permission: 'run:retry',
    object: 'run',
    sample: async (seed) => ({ runId: (await runOf(seed)).runId, parameters: {}, note: REASON }),
    entry: 'run.retry',
  },
  {
    name: `${RUNS}#runAsTest`,
    permission: 'job:trigger',
    object: 'run',
    sample: async (seed) => ({ runId: (await runOf(seed)).runId, note: REASON }),
    entry: 'job.test',
  },
  {
    name: `${CONSOLE}/forecast/actions.ts#saveSpread`,
    permission: 'job:write_when',
    object: 'job',
    sample: async (seed) => {
      const { id } = await jobOf(seed);
      const schedule = { ...hourly, anchor: '2026-01-01T00:20:00Z' };
      return { edits: [{ jobId: id, basedOnRevision: 1, schedule }], note: REASON };
    },
    entry: 'job.edit',
  },
  {
    name: `${CONSOLE}/forecast/actions.ts#takeSpreadBack`,
    permission: 'job:write_when',
    // What it restores differs in more than the schedule.
    also: ['job:write'],
    object: 'job',
    sample: async (seed) => ({
      edits: [{ jobId: (await editedJobOf(seed)).id, basedOnRevision: 2, revision: 1 }],
    }),
    entry: 'job.restore',
  },
  {
    name: `${CONSOLE}/queues/actions.ts#create`,
    permission: 'queue:write',
    object: 'queue',
    sample: () => ({ name: fresh('queue'), ...QUEUE }),
    entry: 'queue.create',
  },
  {
    name: `${CONSOLE}/queues/actions.ts#change`,
    permission: 'queue:write',
    object: 'queue',
    sample: async ({ db }) => {
      const name = fresh('queue');
      await db.sql(
        `INSERT INTO queue (name, max_running, max_waiting, default_timeout_ms) VALUES ($1, 2, 10, 60000)`,
        [name],
      );
      return { name, ...QUEUE };
    },
    entry: 'queue.change',
  },
  {
    name: `${CHANNELS}#createChannel`,
    permission: 'channel:write',
    object: 'installation',
    sample: () => ({ key: fresh('channel'), settings: MAILED }),
    entry: 'channel.create',
  },
  {
    name: `${CHANNELS}#editChannel`,
    permission: 'channel:write',
    object: 'installation',
    sample: async () => ({
      key: await channelOf(),
      settings: MAILED,
      description: 'at night',
      basedOnVersion: 1,
    }),
    entry: 'channel.edit',
  },
  {
    name: `${CHANNELS}#deleteChannel`,
    permission: 'channel:write',
    object: 'installation',
    sample: async () => ({ key: await channelOf() }),
    entry: 'channel.delete',
  },
  {
    name: `${CHANNELS}#testChannel`,
    permission: 'channel:write',
    object: 'installation',
    sample: async () => ({ key: await channelOf() }),
    entry: 'channel.test',
  },
  {
    name: `${CHANNELS}#changeMessageRule`,
    permission: 'channel:write',
    object: 'installation',
    sample: async () => ({ channels: [await channelOf()], on: ['failed'], remindHours: 4 }),
    entry: 'messages.change',
  },
  {
    name: `${CHANNELS}#sendMessageAgain`,
    permission: 'channel:write',
    object: 'installation',
    sample: async ({ db }) => {
      const [message] = await db.sql<{ id: number }>(
        `INSERT INTO message (channel, event, state, ended_at) VALUES ($1, 'summary', 'failed', now()) RETURNING id`,
        [await channelOf()],
      );
      return message!.id;
    },
    entry: 'message.retry',
  },
  {
    name: `${CONSOLE}/workers/actions.ts#drain`,
    permission: 'worker:drain',
    object: 'worker',
    sample: async ({ db }) => ({ workerId: await insertWorker(db.sql) }),
    entry: 'worker.drain',
  },
  {
    name: `${CONSOLE}/workers/actions.ts#takeBack`,
    permission: 'worker:drain',
    object: 'worker',
    sample: async ({ db }) => ({
      workerId: await insertWorker(db.sql, { state: 'draining', drainRequestedBy: 'Test' }),
    }),
    entry: 'worker.undrain',
  },
  {
    name: `${CALENDARS}#create`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: () => ({
      key: fresh('calendar'),
      name: 'Office',
      definition: calendarSays,
      note: REASON,
    }),
    entry: 'calendar.create',
  },
  {
    name: `${CALENDARS}#edit`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: async (seed) => {
      const { key } = await calendarOf(seed);
      const definition = { ...calendarSays, weekend: [5, 6] };
      return { key, name: 'Office', definition, note: REASON, basedOnRevision: 1 };
    },
    entry: 'calendar.edit',
  },
  {
    name: `${CALENDARS}#remove`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: async (seed) => ({ key: (await calendarOf(seed)).key, basedOnRevision: 1 }),
    entry: 'calendar.delete',
  },
  {
    name: `${CALENDARS}#readFile`,
    permission: 'calendar:write',
    object: 'calendar',
    sample: () => ({
      text: 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261224\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
      fromYear: 2026,
      toYear: 2026,
    }),
    entry: null,
  },
  {
    name: `${BLACKOUTS}#create`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: ({ labels }) => blackoutSays(labels),
    entry: 'blackout.create',
  },
  {
    name: `${BLACKOUTS}#edit`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: async (seed) => ({
      ...blackoutSays(seed.labels),
      ...(await blackoutOf(seed)),
      name: 'Network maintenance',
      basedOnVersion: 1,
    }),
    entry: 'blackout.edit',
  },
  {
    name: `${BLACKOUTS}#end`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: async (seed) => ({ id: (await blackoutOf(seed, 0)).id }),
    entry: 'blackout.end',
  },
  {
    name: `${BLACKOUTS}#remove`,
    permission: 'blackout:write',
    object: 'blackout',
    sample: async (seed) => ({ id: (await blackoutOf(seed)).id }),
    entry: 'blackout.delete',
  },
  {
    name: `${SECRETS}#add`,
    permission: 'secret:write',
    object: 'installation',
    sample: () => ({ name: freshSecret(), value: 'correct-horse' }),
    entry: 'secret.add',
  },
  {
    name: `${SECRETS}#replace`,
    permission: 'secret:write',
    object: 'installation',
    sample: async () => ({ name: await secretOf(), value: 'battery-staple' }),
    entry: 'secret.replace',
  },
  {
    name: `${SECRETS}#limit`,
    permission: 'secret:write',
    object: 'installation',
    sample: async () => ({ name: await secretOf(), limits: { jobs: ['one-job'] } }),
    entry: 'secret.limit',
  },
  {
    name: `${SECRETS}#remove`,
    permission: 'secret:write',
    object: 'installation',
    sample: async () => ({ name: await secretOf() }),
    entry: 'secret.remove',
  },
  {
    name: `${INSTALLATION}#changeRetention`,
    permission: 'installation:write',
    object: 'installation',
    sample: async ({ db }) => {
      await db.sql('UPDATE installation SET retention_days = 90');
      return { retentionDays: 60 };
    },
    entry: 'installation.retention',
  },
  {
    name: `${INSTALLATION}#pauseEverything`,
    permission: 'installation:pause',
    object: 'installation',
    sample: async () => {
      await resumeEverything(admin, {});
      return { reason: REASON };
    },
    entry: 'installation.pause',
  },
  {
    name: `${INSTALLATION}#resumeEverything`,
    permission: 'installation:pause',
    object: 'installation',
    sample: async () => {
      await pauseEverything(admin, { reason: 'for the test' });
      return {};
    },
    entry: 'installation.resume',
  },
  {
    name: `${INSTALLATION}#changePauseEnd`,
    permission: 'installation:pause',
    object: 'installation',
    sample: async () => {
      await pauseEverything(admin, { reason: 'for the test' });
      return { end: { until: IN_A_DAY() } };
    },
    entry: 'installation.pause.end',
  },
  {
    name: `${INSTALLATION}#addSamples`,
    permission: 'job:write',
    // Scripts with a schedule.
    also: ['job:write_when', 'job:write_host'],
    object: 'installation',
    sample: async () => {
      await removeSamples(admin);
      return undefined;
    },
    entry: 'job.create',
  },
  {
    name: `${INSTALLATION}#removeSamples`,
    permission: 'job:write',
    object: 'installation',
    sample: async () => {
      await addSamples(admin, { healthUrl: 'http://localhost:3000/api/health' });
      return undefined;
    },
    entry: 'job.delete',
  },
  {
    name: `${CONSOLE}/settings/audit/actions.ts#verify`,
    permission: 'audit:read',
    object: 'installation',
    sample: () => undefined,
    entry: null,
  },
  {
    name: `${PEOPLE}#invite`,
    permission: 'user:write',
    object: 'user',
    sample: () => ({ grants: [{ role: 'viewer' }], email: `${fresh('invited')}@example.org` }),
    entry: 'invitation.create',
  },
  {
    name: `${PEOPLE}#revokeInvitation`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ id: (await invited()).id }),
    entry: 'invitation.revoke',
  },
  {
    name: `${PEOPLE}#changeGrants`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ userId: await somebody(), grants: [{ role: 'operator' }] }),
    entry: 'user.grants',
  },
  {
    name: `${PEOPLE}#switchOff`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ userId: await somebody() }),
    entry: 'user.disable',
  },
  {
    name: `${PEOPLE}#switchOn`,
    permission: 'user:write',
    object: 'user',
    sample: async () => {
      const userId = await somebody();
      valueOf(await disableUser(admin, userId));
      return { userId };
    },
    entry: 'user.enable',
  },
  {
    name: `${PEOPLE}#makePasswordLink`,
    permission: 'user:write',
    object: 'user',
    sample: async () => ({ userId: await somebody() }),
    entry: 'user.password_link',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#changePassword`,
    permission: 'signed in',
    object: 'user',
    sample: () => ({ current: TEST_PASSWORD, next: NEXT_PASSWORD }),
    entry: 'user.password',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#endSession`,
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => {
      const id = fresh('session');
      await prisma().session.create({
        data: { id, userId: caller.userId, token: id, expiresAt: new Date(IN_A_DAY()) },
      });
      return { sessionId: id };
    },
    entry: 'session.end',
  },
  {
    name: `${CONSOLE}/account-actions.ts#signOutEverywhere`,
    permission: 'signed in',
    object: 'user',
    sample: () => undefined,
    entry: 'session.end_all',
  },
  {
    name: 'app/sign-in/actions.ts#signIn',
    permission: 'open',
    object: 'user',
    sample: async () => ({ email: await emailOfSomebody(), password: TEST_PASSWORD }),
    entry: 'session.begin',
    isAllSaid: true,
  },
  {
    name: 'app/sign-in/actions.ts#goToProvider',
    permission: 'open',
    object: 'user',
    sample: () => {
      nameProvider();
      return { next: '/' };
    },
    entry: null,
  },
  {
    name: 'app/sign-in/actions.ts#askForLink',
    permission: 'open',
    object: 'user',
    // What follows the answer for an account that there is: tests/db/mailed-links.test.ts.
    sample: () => {
      nameMailServer();
      return { email: `${fresh('nobody')}@example.org` };
    },
    entry: null,
  },
  {
    name: 'app/sign-in/code/actions.ts#enterCode',
    permission: 'open',
    object: 'user',
    sample: async () => {
      const { id, email } = await makeUser(`${fresh('coded')}@example.org`, 'viewer');
      const { code } = await withSecondFactor(id);
      const headers = new Headers({ host: 'localhost:3000' });
      const entered = valueOf(await signIn(headers, { email, password: TEST_PASSWORD }));
      sentAlong.cookie = entered.cookies.map((cookie) => cookie.split(';')[0]).join('; ');
      return { code };
    },
    entry: 'session.begin',
    isAllSaid: true,
  },
  {
    name: 'app/sign-in/second-factor/actions.ts#beginOwnSecondFactor',
    permission: 'signed in',
    object: 'user',
    sample: () => ({ password: TEST_PASSWORD }),
    entry: 'user.second_factor_begin',
  },
  {
    name: 'app/sign-in/second-factor/actions.ts#confirmOwnSecondFactor',
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => ({ code: await secondFactorBegun(caller.userId) }),
    entry: 'user.second_factor',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#renewCodes`,
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => ({
      ...(await withSecondFactor(caller.userId)),
      password: TEST_PASSWORD,
    }),
    entry: 'user.recovery_codes',
  },
  {
    name: `${CONSOLE}/settings/actions.ts#switchSecondFactorOff`,
    permission: 'signed in',
    object: 'user',
    sample: async ({ caller }) => ({
      ...(await withSecondFactor(caller.userId)),
      password: TEST_PASSWORD,
    }),
    entry: 'user.second_factor',
  },
  {
    name: `${PEOPLE}#endSessions`,
    permission: 'user:write',
    object: 'user',
    sample: async () => {
      const userId = await somebody();
      const id = fresh('session');
      await prisma().session.create({
        data: { id, userId, token: id, expiresAt: new Date(IN_A_DAY()) },
      });
      return { userId, sessionId: null };
    },
    entry: 'session.end_all',
  },
  {
    name: `${PEOPLE}#takeSecondFactor`,
    permission: 'user:write',
    object: 'user',
    sample: async () => {
      const userId = await somebody();
      await withSecondFactor(userId);
      return { userId };
    },
    entry: 'user.second_factor',
  },
  {
    name: `${PEOPLE}#requireSecondFactor`,
    permission: 'installation:write',
    object: 'installation',
    sample: async () => {
      // Everybody has one, or would be asked for it before.
      await prisma().user.updateMany({ data: { twoFactorEnabled: true } });
      await prisma().installation.updateMany({ data: { secondFactorRequired: true } });
      return { isRequired: false };
    },
    entry: 'installation.second_factor',
  },
  {
    name: `${WELCOME}#readLink`,
    permission: 'open',
    object: 'user',
    sample: async () => ({ token: (await invited()).token }),
    entry: null,
  },
  {
    name: `${WELCOME}#acceptInvitation`,
    permission: 'open',
    object: 'user',
    sample: async () => {
      const { token, email } = await invited();
      return { token, email, name: 'Nina New', password: NEXT_PASSWORD };
    },
    entry: 'invitation.accept',
  },
  {
    name: `${WELCOME}#setPassword`,
    permission: 'open',
    object: 'user',
    sample: async () => {
      const { link } = valueOf(await makePasswordLink(admin, await somebody(), ORIGIN));
      return { token: link.split('#')[1], password: NEXT_PASSWORD };
    },
    entry: 'user.password',
  },
];

async function somebody(): Promise<string> {
  return (await makeUser(`${fresh('somebody')}@example.org`, 'viewer')).id;
}

async function emailOfSomebody(): Promise<string> {
  return (await makeUser(`${fresh('somebody')}@example.org`, 'viewer')).email;
}

async function invited(): Promise<{ id: number; token: string; email: string }> {
  const email = `${fresh('invited')}@example.org`;
  const grants = [{ role: 'viewer' as const }];
  const { id, link } = valueOf(await inviteUser(admin, { grants, email }, ORIGIN));
  return { id, token: link!.split('#')[1]!, email };
}

/** Ends what a sample may have left behind for the next one: nothing is paused, and no backfill works. */
export async function tidyUp({ db }: Seed): Promise<void> {
  sentAlong.cookie = '';
  forgetServers();
  await db.sql('UPDATE installation SET second_factor_required = false');
  await db.sql('UPDATE "user" SET two_factor_enabled = false WHERE two_factor_enabled');
  await resumeEverything(admin, {});
  const open = await db.sql<{ id: number }>('SELECT id FROM backfill WHERE ended_at IS NULL');
  for (const { id } of open) await cancelBackfill(admin, { id });
}

const freshSecret = () => fresh('SECRET').replaceAll('-', '_');

async function secretOf(): Promise<string> {
  const name = freshSecret();
  valueOf(await addSecret(admin, { name, value: 'correct-horse' }));
  return name;
}

async function channelOf(): Promise<string> {
  const made = await createChannel(admin, {
    key: fresh('channel'),
    settings: { ...MAILED, to: [...MAILED.to] },
  });
  return valueOf(made).key;
}
