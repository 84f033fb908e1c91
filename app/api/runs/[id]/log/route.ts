import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { readLog } from '#core/logs/logs.ts';
import { defineRoute } from '../../../define-route.ts';

const number = z.coerce.number().int();
const Query = z.discriminatedUnion('from', [
  z.object({ from: z.literal('tail'), id: RunIdInAddress, lines: number.optional() }),
  z.object({ from: z.literal('after'), id: RunIdInAddress, seq: number }),
  z.object({ from: z.literal('newest'), id: RunIdInAddress, seq: number }),
  z.object({ from: z.literal('before'), id: RunIdInAddress, seq: number }),
  z.object({ from: z.literal('line'), id: RunIdInAddress, line: number }),
]);

/** A part of a run's log: `?from=tail|after|newest|before|line`. */
export const GET = defineRoute(Query, ({ id, ...at }, actor) => readLog(actor, { runId: id, at }));
