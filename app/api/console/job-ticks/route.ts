import { ReadNextTicks, readNextTicks } from '#core/jobs/next-ticks.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadNextTicks, (input, actor) => readNextTicks(actor, input));
