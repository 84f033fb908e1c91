import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { readRun } from '#core/runs/read-run.ts';
import { defineRoute } from '../../../define-route.ts';

const Query = z.object({ id: RunIdInAddress });

/** A run with its attempts, waits and neighbours. */
export const GET = defineRoute(Query, ({ id }, actor) => readRun(actor, id));
