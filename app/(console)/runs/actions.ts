'use server';

import { CancelRuns, cancelRuns } from '#core/runs/cancel-by-hand.ts';
import {
  RetryRuns,
  retryRuns,
  RunAgain,
  runAgain,
  RunAsTest,
  runAsTest as repeatAsTest,
} from '#core/runs/retry-by-hand.ts';
import { defineAction } from '../../actions/define-action.ts';

export const cancel = defineAction(CancelRuns, (input, actor) => cancelRuns(actor, input));
export const retry = defineAction(RetryRuns, (input, actor) => retryRuns(actor, input));
export const runAgainWith = defineAction(RunAgain, (input, actor) => runAgain(actor, input));
export const runAsTest = defineAction(RunAsTest, (input, actor) => repeatAsTest(actor, input));
