import { ListBackfills, readBackfills } from '#core/backfill/read-backfill.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ListBackfills, (input, actor) => readBackfills(actor, input));
