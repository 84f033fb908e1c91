import { readBackfill, ReadBackfill } from '#core/backfill/read-backfill.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadBackfill, (input, actor) => readBackfill(actor, input));
