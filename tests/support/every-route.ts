import type { Permission } from '#core/auth/permission-table.ts';
import type { Asked } from './callers.ts';
import type { TouchedObject } from './every-action/action.ts';
import {
  backfillOf,
  blackoutOf,
  blackoutSays,
  calendarOf,
  calendarSays,
  editedJobOf,
  hourly,
  jobOf,
  jobWithState,
  pausedJobOf,
  runOf,
  type Seed,
} from './seeds.ts';

/** Every route handler, with what it takes to ask it for real; one that is missing here fails tests/db/every-action.test.ts. */
export type EveryRoute = {
  /** Method and file: `GET app/api/console/jobs/route.ts`. */
  name: string;
  /** `signed in`: about the caller alone. `open`: needs no session. */
  permission: Permission | 'signed in' | 'open';
  /** What it takes beside. */
  also?: readonly Permission[];
  object: TouchedObject;
  /** Makes what the route tells of, and gives what it is asked. Each call makes anew. */
  sample: (seed: Seed) => Promise<Asked> | Asked;
  /** What a good answer has as its status; 200 without it. */
  status?: number;
};

const A_DAY_MS = 86_400_000;
const yesterday = () => new Date(Date.now() - A_DAY_MS).toISOString();
const tomorrow = () => new Date(Date.now() + A_DAY_MS).toISOString();

const ofJob = async (seed: Seed): Promise<Asked> => ({
  query: { jobId: String((await jobOf(seed)).id) },
});
const ofKey = async (seed: Seed): Promise<Asked> => ({ query: { key: (await jobOf(seed)).key } });
const ofRun = async (seed: Seed): Promise<Asked> => ({
  params: { id: String((await runOf(seed)).runId) },
});
const nothing = (): Asked => ({});

const read = (
  name: string,
  permission: EveryRoute['permission'],
  object: TouchedObject,
  sample: EveryRoute['sample'],
): EveryRoute => ({ name: `GET app/api/console/${name}/route.ts`, permission, object, sample });
const posed = (...asked: Parameters<typeof read>): EveryRoute => {
  const route = read(...asked);
  return { ...route, name: route.name.replace('GET', 'POST') };
};
const logRoute = (name: string, query: Record<string, string>): EveryRoute => ({
  name: `GET app/api/runs/[id]/log/${name}route.ts`,
  permission: 'log:read',
  object: 'run',
  sample: async (seed) => ({ ...(await ofRun(seed)), query }),
});

export const EVERY_ROUTE: readonly EveryRoute[] = [
  read('audit', 'audit:read', 'installation', nothing),
  read('audit-choices', 'audit:read', 'installation', nothing),
  read('audit-export', 'audit:read', 'installation', () => ({ query: { format: 'csv' } })),
  read('audit-state', 'audit:read', 'installation', nothing),
  read('backfill', 'run:read', 'job', async (seed) => ({
    query: { id: String((await backfillOf(seed)).id) },
  })),
  read('backfill-occurrences', 'run:read', 'job', async (seed) => ({
    query: { ...(await ofJob(seed)).query, from: yesterday() },
  })),
  read('backfill-preview', 'job:read', 'job', async (seed) => ({
    query: { ...(await ofJob(seed)).query, from: yesterday() },
  })),
  read('backfills', 'run:read', 'job', ofJob),
  read('blackout', 'blackout:read', 'blackout', async (seed) => ({
    query: { id: String((await blackoutOf(seed)).id) },
  })),
  read('blackout-choices', 'blackout:read', 'blackout', nothing),
  posed('blackout-preview', 'blackout:read', 'blackout', ({ labels }) => {
    const { effect, times, scope } = blackoutSays(labels);
    return { body: { effect, times, scope } };
  }),
  read('blackouts', 'blackout:read', 'blackout', nothing),
  read('calendar', 'calendar:read', 'calendar', async (seed) => ({
    query: { key: (await calendarOf(seed)).key },
  })),
  posed('calendar-effects', 'calendar:read', 'calendar', async (seed) => ({
    body: { key: (await calendarOf(seed)).key, definition: calendarSays },
  })),
  read('calendar-regions', 'calendar:read', 'calendar', () => ({ query: { country: 'DE' } })),
  read('calendar-revisions', 'calendar:read', 'calendar', async (seed) => ({
    query: { key: (await calendarOf(seed)).key },
  })),
  read('calendar-year', 'calendar:read', 'calendar', async (seed) => ({
    query: { key: (await calendarOf(seed)).key, year: '2026' },
  })),
  posed('calendar-year', 'calendar:read', 'calendar', () => ({
    body: { definition: calendarSays, year: 2026 },
  })),
  read('calendars', 'calendar:read', 'calendar', nothing),
  read('forecast', 'forecast:read', 'installation', () => ({ query: { timeZone: 'UTC' } })),
  {
    ...read('forecast-spread', 'forecast:read', 'installation', () => ({
      query: { timeZone: 'UTC', queue: 'default', at: tomorrow() },
    })),
    also: ['job:write_when'],
  },
  {
    ...posed('forecast-spread-effect', 'forecast:read', 'installation', () => ({
      body: { timeZone: 'UTC', queue: 'default', jobIds: [], edits: [] },
    })),
    also: ['job:write_when'],
  },
  read('forecast-starts', 'forecast:read', 'installation', () => ({
    query: { timeZone: 'UTC', from: yesterday(), to: tomorrow() },
  })),
  read('gap-ticks', 'run:read', 'job', async (seed) => {
    const { id } = await pausedJobOf(seed);
    const [gap] = await seed.db.sql<{ id: number }>('SELECT id FROM gap WHERE job_id = $1', [id]);
    return { query: { gapId: String(gap!.id) } };
  }),
  read('installation', 'installation:read', 'installation', nothing),
  read('job', 'job:read', 'job', ofKey),
  read('job-chart', 'run:read', 'job', ofJob),
  read('job-choices', 'job:read', 'installation', nothing),
  read('job-ledger', 'run:read', 'job', ofJob),
  read('job-ledger-counts', 'run:read', 'job', async (seed) => ({
    query: { ...(await ofJob(seed)).query, from: yesterday() },
  })),
  read('job-revision', 'job:read', 'job', async (seed) => ({
    query: { key: (await editedJobOf(seed)).key, revision: '1' },
  })),
  read('job-revisions', 'job:read', 'job', ofKey),
  read('job-state', 'job:read', 'job', async (seed) => ({
    query: { jobId: String((await jobWithState(seed)).id) },
  })),
  read('job-ticks', 'job:read', 'job', ofJob),
  read('jobs', 'job:read', 'installation', nothing),
  read('ledger-sums', 'run:read', 'installation', nothing),
  read('overview', 'run:read', 'installation', nothing),
  read('overview-day', 'run:read', 'installation', nothing),
  read('overview-week', 'run:read', 'installation', nothing),
  read('own-sessions', 'signed in', 'user', nothing),
  read('own-second-factor', 'signed in', 'user', nothing),
  read('pause', 'job:read', 'job', async (seed) => ({
    query: { jobIds: String((await pausedJobOf(seed)).id) },
  })),
  read('pause-ticks', 'job:read', 'job', async (seed) => ({
    query: { jobId: String((await pausedJobOf(seed)).id) },
  })),
  read('people', 'user:read', 'user', nothing),
  read('person', 'user:read', 'user', ({ caller }) => ({ query: { id: caller.userId } })),
  read('proposal', 'job:read', 'job', ofJob),
  read('queues', 'queue:read', 'queue', nothing),
  read('channels', 'channel:read', 'installation', nothing),
  read('channel-choices', 'channel:read', 'installation', nothing),
  read('channel-uses', 'channel:write', 'installation', () => ({ query: { key: 'ops' } })),
  read('undelivered', 'channel:read', 'installation', nothing),
  read('messages', 'channel:write', 'installation', nothing),
  read('message', 'channel:write', 'installation', async ({ db }) => {
    const [message] = await db.sql<{ id: number }>(
      `INSERT INTO message (channel, event) VALUES ('ops', 'test') RETURNING id`,
    );
    return { query: { id: String(message!.id) } };
  }),
  read('job-incident', 'job:read', 'job', ofJob),
  read('secrets', 'secret:read', 'installation', nothing),
  read('run-chart', 'run:read', 'installation', nothing),
  read('runs', 'run:read', 'installation', nothing),
  read('runs/[id]', 'run:read', 'run', ofRun),
  posed('save-warnings', 'job:read', 'job', async (seed) => ({
    body: { schedule: hourly, jobId: (await jobOf(seed)).id },
  })),
  posed('schedule-preview', 'job:read', 'job', async (seed) => {
    const { id, key } = await jobOf(seed);
    return { body: { schedule: hourly, key, jobId: id, days: 7, ticks: 10 } };
  }),
  read('shell', 'installation:read', 'installation', nothing),
  read('trials', 'job:read', 'job', ofJob),
  posed('typed-blackouts', 'job:read', 'job', async (seed) => ({
    body: { jobId: (await jobOf(seed)).id, queue: 'default', labels: {} },
  })),
  read('why', 'job:read', 'job', ofKey),
  read('health', 'health:read', 'installation', nothing),
  read('workers', 'worker:read', 'worker', nothing),
  logRoute('', { from: 'tail' }),
  logRoute('download/', {}),
  logRoute('find/', { text: 'error' }),
  logRoute('first-error/', {}),
  {
    name: 'GET app/api/events/route.ts',
    permission: 'signed in',
    object: 'installation',
    sample: nothing,
  },
  {
    name: 'GET app/api/health/route.ts',
    permission: 'open',
    object: 'installation',
    sample: nothing,
  },
  {
    name: 'GET app/words/[file]/route.ts',
    permission: 'open',
    object: 'installation',
    sample: () => ({ address: '/words/en-0.json', params: { file: 'en-0.json' } }),
  },
  {
    name: 'GET app/api/ready/route.ts',
    permission: 'open',
    object: 'installation',
    sample: nothing,
    // No worker runs.
    status: 503,
  },
  ...['DELETE', 'GET', 'PATCH', 'POST', 'PUT'].map((method) => ({
    name: `${method} app/api/unreadable-address/route.ts`,
    permission: 'open' as const,
    object: 'installation' as const,
    sample: nothing,
    status: 400,
  })),
  {
    name: 'GET app/api/unknown-method/route.ts',
    permission: 'open',
    object: 'installation',
    sample: nothing,
    status: 405,
  },
  {
    name: 'GET app/api/auth/[...all]/route.ts',
    permission: 'open',
    object: 'user',
    sample: () => ({ address: '/api/auth/get-session', params: { all: ['get-session'] } }),
    status: 404,
  },
  {
    // Nobody has come from a provider: the way back is shown.
    name: 'GET app/sign-in/provider/route.ts',
    permission: 'open',
    object: 'user',
    sample: nothing,
    status: 303,
  },
  {
    name: 'POST app/api/auth/[...all]/route.ts',
    permission: 'open',
    object: 'user',
    sample: () => ({ address: '/api/auth/sign-out', params: { all: ['sign-out'] } }),
  },
];
