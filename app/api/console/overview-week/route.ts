import { ReadWeek, readWeek } from '#core/overview/week.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadWeek, (input, actor) => readWeek(actor, input));
