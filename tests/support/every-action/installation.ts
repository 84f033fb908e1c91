import { createChannel } from '#core/channels/channels.ts';
import { pauseEverything, resumeEverything } from '#core/installation/pause-everything.ts';
import { addSamples, removeSamples } from '#core/samples/samples.ts';
import { addSecret } from '#core/secrets/change-secrets.ts';
import { insertWorker } from '../ledger.ts';
import { valueOf } from '../outcomes.ts';
import { fresh, inADay, REASON } from '../seeds.ts';
import { admin } from '../web.ts';
import { CONSOLE, type EveryAction } from './action.ts';

const INSTALLATION = `${CONSOLE}/settings/installation/actions.ts`;
const CHANNELS = `${CONSOLE}/settings/channels/actions.ts`;
const SECRETS = `${CONSOLE}/settings/secrets/actions.ts`;
const QUEUE = { maxRunning: 4, maxWaiting: 100, defaultTimeoutMs: 60_000 };
const MAILED = { kind: 'email', to: ['on-call@example.org'] } as const;

/** Queues, workers, channels, secrets, and the installation as a whole. */
export const ACTIONS_OF_INSTALLATION: readonly EveryAction[] = [
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
    name: `${INSTALLATION}#changeTwoPersons`,
    permission: 'installation:write',
    object: 'installation',
    sample: () => ({ labels: [{ name: fresh('label'), value: null }] }),
    entry: 'installation.two_persons',
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
      return { end: { until: inADay() } };
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
];

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
