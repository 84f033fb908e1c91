import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { findInLog } from '#core/logs/logs.ts';
import { defineRoute } from '../../../../define-route.ts';

const Query = z.object({ id: RunIdInAddress, text: z.string() });

/** Numbers of the lines that hold a text. */
export const GET = defineRoute(Query, ({ id, text }, actor) =>
  findInLog(actor, { runId: id, text }),
);
