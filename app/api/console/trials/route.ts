import { ReadTrials, readTrialsOf } from '#core/trials/trials.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadTrials, (input, actor) => readTrialsOf(actor, input));
