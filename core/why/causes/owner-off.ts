import { at, type CauseRule, editJob } from '../cause.ts';

/** It runs all the same; but whoever would look after it can't sign in any more. */
export const ownerOff: CauseRule = {
  find: (snapshot) => {
    const { ownerOff: owner, isAboutRun } = snapshot;
    if (owner === null || isAboutRun) return null;
    return {
      tone: 'tells',
      values: { owner: owner.name, offAt: at(owner.atMs) },
      evidence: [],
      actions: [editJob(snapshot)],
    };
  },
};
