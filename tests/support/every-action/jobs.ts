import { pauseBackfill } from '#core/backfill/change-backfill.ts';
import { testDefinition } from '../jobs.ts';
import { valueOf } from '../outcomes.ts';
import {
  backfillOf,
  editedJobOf,
  fresh,
  hourly,
  inADay,
  jobOf,
  jobWithOpenCircuit,
  jobWithState,
  newJobOf,
  pausedJobOf,
  proposalOf,
  REASON,
  runOf,
} from '../seeds.ts';
import { admin } from '../web.ts';
import { CONSOLE, type EveryAction } from './action.ts';

const JOB = `${CONSOLE}/jobs/[key]/actions.ts`;
const BACKFILL = `${CONSOLE}/jobs/[key]/backfill/actions.ts`;
const STATE = `${CONSOLE}/jobs/[key]/(job)/state/actions.ts`;
const PROPOSAL = `${CONSOLE}/jobs/[key]/proposal/actions.ts`;
const RUNS = `${CONSOLE}/runs/actions.ts`;
const TRIAL = { share: 50, untilRuns: 20, untilHours: 24 } as const;

/** Jobs, their runs, backfills, proposals and states, and the forecast. */
export const ACTIONS_OF_JOBS: readonly EveryAction[] = [
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
      end: { until: inADay() },
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
];
