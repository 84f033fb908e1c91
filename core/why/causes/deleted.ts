import { at, type CauseRule } from '../cause.ts';

export const deleted: CauseRule = {
  find: ({ job }) => {
    if (job.deletedAtMs === null) return null;
    return {
      tone: 'stops',
      values: { job: job.key, deletedAt: at(job.deletedAtMs) },
      evidence: [],
      actions: [],
    };
  },
};
