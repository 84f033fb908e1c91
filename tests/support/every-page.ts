import type { Permission } from '#core/auth/permission-table.ts';
import type { TouchedObject } from './every-action/action.ts';
import {
  backfillOf,
  blackoutOf,
  calendarOf,
  editedJobOf,
  fresh,
  jobOf,
  jobWithState,
  proposalOf,
  runOf,
  type Seed,
} from './seeds.ts';
import { makeUser } from './web.ts';

/** What a page is asked: the folders in brackets of its path, and its query. */
export type AskedPage = { params?: Record<string, string>; query?: Record<string, string> };

/** Every page, with what it takes to render it for real; one that is missing here fails tests/db/permissions-of-pages.test.ts. */
export type EveryPage = {
  /** File: `app/(console)/jobs/page.tsx`. */
  name: string;
  /** What shows it; `signed in`: about the reader alone. `open`: needs no session. */
  permission: Permission | 'signed in' | 'open';
  /** Each of these suffices as well. */
  mayAlso?: readonly Permission[];
  object: TouchedObject;
  sample: (seed: Seed) => Promise<AskedPage> | AskedPage;
};

const nothing = (): AskedPage => ({});
const ofJob = async (seed: Seed): Promise<AskedPage> => ({
  params: { key: (await jobOf(seed)).key },
});

const page = (
  name: string,
  permission: EveryPage['permission'],
  object: TouchedObject,
  sample: EveryPage['sample'] = nothing,
): EveryPage => ({ name: `app/(console)/${name}page.tsx`, permission, object, sample });
const entry = (name: string): EveryPage => ({
  ...page('', 'open', 'user'),
  name: `app/${name}/page.tsx`,
});

export const EVERY_PAGE: readonly EveryPage[] = [
  page('', 'job:read', 'installation'),
  page('calendars/', 'calendar:read', 'calendar'),
  page('calendars/new/', 'calendar:write', 'calendar'),
  page('calendars/[key]/', 'calendar:read', 'calendar', async (seed) => ({
    params: { key: (await calendarOf(seed)).key },
  })),
  page('calendars/[key]/edit/', 'calendar:write', 'calendar', async (seed) => ({
    params: { key: (await calendarOf(seed)).key },
  })),
  page('calendars/blackouts/', 'blackout:read', 'blackout'),
  page('calendars/blackouts/new/', 'blackout:write', 'blackout'),
  page('calendars/blackouts/[id]/', 'blackout:write', 'blackout', async (seed) => ({
    params: { id: String((await blackoutOf(seed)).id) },
  })),
  page('forecast/', 'forecast:read', 'installation'),
  page('health/', 'health:read', 'installation'),
  page('jobs/', 'job:read', 'installation'),
  page('jobs/new/', 'job:write', 'installation'),
  page('jobs/[key]/(job)/', 'job:read', 'job', ofJob),
  page('jobs/[key]/(job)/definition/', 'job:read', 'job', ofJob),
  page('jobs/[key]/(job)/next/', 'job:read', 'job', ofJob),
  page('jobs/[key]/(job)/revisions/', 'job:read', 'job', async (seed) => ({
    params: { key: (await editedJobOf(seed)).key },
  })),
  page('jobs/[key]/(job)/state/', 'job:read', 'job', async (seed) => ({
    params: { key: (await jobWithState(seed)).key },
  })),
  page('jobs/[key]/backfill/', 'job:read', 'job', ofJob),
  page('jobs/[key]/backfill/[id]/', 'job:read', 'job', async (seed) => {
    const { job, id } = await backfillOf(seed);
    return { params: { key: job.key, id: String(id) } };
  }),
  { ...page('jobs/[key]/edit/', 'job:write', 'job', ofJob), mayAlso: ['job:write_when'] },
  page('jobs/[key]/proposal/', 'job:read', 'job', async (seed) => ({
    params: { key: (await proposalOf(seed, 'somebody')).job.key },
  })),
  page('ledger/', 'run:read', 'installation'),
  page('queues/', 'queue:read', 'queue'),
  page('runs/', 'run:read', 'installation'),
  page('runs/[id]/', 'run:read', 'run', async (seed) => ({
    params: { id: String((await runOf(seed)).runId) },
  })),
  page('settings/', 'signed in', 'user'),
  page('settings/audit/', 'audit:read', 'installation'),
  page('settings/channels/', 'channel:read', 'installation'),
  page('settings/installation/', 'installation:read', 'installation'),
  page('settings/people/', 'user:read', 'user'),
  page('settings/people/[id]/', 'user:read', 'user', async () => ({
    params: { id: (await makeUser(`${fresh('seen')}@example.org`, 'viewer')).id },
  })),
  page('settings/secrets/', 'secret:read', 'installation'),
  page('workers/', 'worker:read', 'worker'),
  entry('sign-in'),
  entry('sign-in/code'),
  entry('sign-in/forgotten'),
  entry('sign-in/second-factor'),
  entry('welcome'),
];
