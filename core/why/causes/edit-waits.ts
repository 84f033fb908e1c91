import { at, type CauseRule } from '../cause.ts';

/** What somebody saved doesn't run yet. */
export const editWaits: CauseRule = {
  find: ({ proposal, job, isAboutRun }) => {
    if (proposal === null || isAboutRun) return null;
    return {
      tone: 'tells',
      values: { by: proposal.by, proposedAt: at(proposal.atMs), revision: job.revision },
      evidence: [],
      actions: [{ key: 'open_proposal', values: {}, link: { to: 'job_proposal', key: job.key } }],
    };
  },
};
