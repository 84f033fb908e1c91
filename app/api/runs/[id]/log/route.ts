import { z } from 'zod';
import { readLog } from '#core/logs/logs.ts';
import { defineRoute } from '../../../define-route.ts';

const number = z.coerce.number().int();
const Query = z.discriminatedUnion('from', [
  z.object({ from: z.literal('tail'), id: number, lines: number.optional() }),
  z.object({ from: z.literal('after'), id: number, seq: number }),
  z.object({ from: z.literal('before'), id: number, seq: number }),
  z.object({ from: z.literal('line'), id: number, line: number }),
]);

/** A part of a run's log: `?from=tail|after|before|line`. */
export const GET = defineRoute(Query, ({ id, ...at }, actor) => readLog(actor, { runId: id, at }));
