import type { Permission } from '#core/auth/permission-table.ts';
import type { JobDefinition, JobDefinitionInput } from '#core/jobs/definition.ts';
import { editJob } from '#core/jobs/edit-job.ts';
import type { About } from './every-caller.ts';
import { testDefinition } from './jobs.ts';
import { valueOf } from './outcomes.ts';
import { fresh, hourly, jobOf, type Seed } from './seeds.ts';
import { admin } from './web.ts';

type May = (permission: Permission, about: About) => boolean;

/** Edits by what they change, with what each takes. */
export type EveryEdit = {
  name: string;
  takes: (labels: Record<string, string>, may: May) => boolean;
  sample: (seed: Seed) => Promise<EditSample>;
};

/** An action that makes the edit, and what it is given. */
export type EditSample = { action: string; input: unknown };

const CONSOLE = 'app/(console)';
const EDIT = `${CONSOLE}/jobs/[key]/edit/actions.ts#editJob`;
const CREATE = `${CONSOLE}/jobs/new/actions.ts#createJob`;
const JOB = `${CONSOLE}/jobs/[key]/actions.ts`;
const SCRIPT = { kind: 'script', interpreter: 'sh', text: 'true' } as const;
const HTTP = { kind: 'http', url: 'https://example.org/ping' } as const;
const HALF = { share: 50, untilRuns: 20, untilHours: 24 } as const;
const later = { ...hourly, anchor: '2026-01-01T00:20:00Z' };
const queue = 'default';

const all =
  (...permissions: Permission[]): EveryEdit['takes'] =>
  (labels, may) =>
    permissions.every((permission) => may(permission, labels));

const edit = (
  name: string,
  had: Partial<JobDefinitionInput>,
  change: Partial<JobDefinitionInput>,
  takes: EveryEdit['takes'],
  more: { trial?: unknown } = {},
): EveryEdit => ({
  name: `edit: ${name}`,
  takes,
  sample: async (seed) => {
    const { id, definition } = await jobOf(seed, had);
    const edited = { ...definition, ...change };
    return {
      action: EDIT,
      input: { jobId: id, basedOnRevision: 1, definition: edited, note: '', ...more },
    };
  },
});

const create = (
  name: string,
  given: Partial<JobDefinitionInput>,
  takes: EveryEdit['takes'],
): EveryEdit => ({
  name: `create: ${name}`,
  takes,
  sample: async ({ labels }) => ({
    action: CREATE,
    input: { definition: testDefinition({ key: fresh('made'), labels, ...given }), note: '' },
  }),
});

/** Makes revision 1 the newest again, which differs by `change`. */
const restore = (
  name: string,
  had: Partial<JobDefinitionInput>,
  change: Partial<JobDefinition>,
  takes: EveryEdit['takes'],
): EveryEdit => ({
  name: `restore: ${name}`,
  takes,
  sample: async (seed) => {
    const { id, definition } = await jobOf(seed, had);
    const edited = { ...definition, ...change };
    valueOf(await editJob(admin, { jobId: id, basedOnRevision: 1, definition: edited, note: '' }));
    return {
      action: `${JOB}#restoreRevision`,
      input: { jobId: id, basedOnRevision: 2, revision: 1 },
    };
  },
});

const endTrial = (
  name: string,
  had: Partial<JobDefinitionInput>,
  change: Partial<JobDefinitionInput>,
  takes: EveryEdit['takes'],
): EveryEdit => ({
  name: `end a trial: ${name}`,
  takes,
  sample: async (seed) => {
    const { id, definition } = await jobOf(seed, had);
    const edited = { ...definition, ...change };
    const asked = { jobId: id, basedOnRevision: 1, definition: edited, note: '', trial: HALF };
    valueOf(await editJob(admin, asked));
    return { action: `${JOB}#endTrial`, input: { jobId: id, outcome: 'went_back' } };
  },
});

/** Nobody changes by it what they themselves may do with the job. */
const relabel = (
  name: string,
  had: Partial<JobDefinitionInput>,
  to: Record<string, string>,
  reach: readonly Permission[],
): EveryEdit =>
  edit(
    `labels of ${name}`,
    had,
    { labels: to },
    (labels, may) =>
      may('job:write', labels) &&
      may('job:write', to) &&
      reach.every((permission) => may(permission, labels) === may(permission, to)),
  );

const READS = ['log:read', 'job:read_parameters'] as const;
const manual = { schedule: { type: 'manual' } } as const;

export const EVERY_EDIT: readonly EveryEdit[] = [
  edit('notes', {}, { notes: 'as edited' }, all('job:write')),
  edit('where a request goes', {}, { work: { ...HTTP, method: 'POST' } }, all('job:write')),
  edit('when it fires', {}, { schedule: later }, all('job:write_when')),
  edit('what is made up for', {}, { catchUp: 'all' }, all('job:write_when')),
  edit('its start deadline', {}, { startDeadlineMs: 60_000 }, all('job:write_when')),
  edit(
    'when it fires, and its notes',
    {},
    { schedule: later, notes: 'as edited' },
    all('job:write', 'job:write_when'),
  ),
  edit('a script', { work: SCRIPT }, { work: { ...SCRIPT, text: 'id' } }, all('job:write_host')),
  edit('a script’s notes', { work: SCRIPT }, { notes: 'as edited' }, all('job:write')),
  edit('where a script runs', { work: SCRIPT }, { runsOn: { zone: 'a' } }, all('job:write_host')),
  edit('where a request runs', {}, { runsOn: { zone: 'a' } }, all('job:write')),
  edit('a request into a script', {}, { work: SCRIPT }, all('job:write_host')),
  edit('a script into a request', { work: SCRIPT }, { work: HTTP }, all('job:write_host')),
  edit(
    'a trial on chosen hosts',
    { work: SCRIPT },
    { notes: 'as edited' },
    all('job:write', 'job:write_host'),
    { trial: { ...HALF, runsOn: { canary: 'true' } } },
  ),
  relabel('a request by hand', manual, { team: 'support' }, READS),
  relabel('a request by hand', manual, { team: 'billing', more: 'x' }, READS),
  relabel('a request that fires', {}, { team: 'support' }, [...READS, 'job:write_when']),
  relabel('a script by hand', { ...manual, work: SCRIPT }, { team: 'support' }, [
    ...READS,
    'job:write_host',
  ]),
  create('a request by hand', { work: HTTP }, all('job:write')),
  create(
    'a request that fires',
    { work: HTTP, schedule: hourly },
    all('job:write', 'job:write_when'),
  ),
  create('a script by hand', { work: SCRIPT, queue }, all('job:write', 'job:write_host')),
  {
    name: 'duplicate: a script that fires',
    takes: all('job:write', 'job:write_when', 'job:write_host'),
    sample: async (seed) => ({
      action: `${JOB}#duplicateJob`,
      input: { jobId: (await jobOf(seed, { work: SCRIPT })).id },
    }),
  },
  restore('when it fired', {}, { schedule: later }, all('job:write_when')),
  restore(
    'a script',
    { work: SCRIPT },
    { work: { ...SCRIPT, text: 'id', environment: [] } },
    all('job:write_host'),
  ),
  endTrial('of notes', {}, { notes: 'as edited' }, all('job:write')),
  endTrial(
    'of a script',
    { work: SCRIPT },
    { work: { ...SCRIPT, text: 'id' } },
    all('job:write_host'),
  ),
];
