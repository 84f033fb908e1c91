import { ReadBlackout, readBlackout } from '#core/blackouts/read-blackouts.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadBlackout, (input, actor) => readBlackout(actor, input));
