import { readGapPage, ReadGapPage } from '#core/gaps/gap-page.ts';
import { defineRoute } from '../../define-route.ts';

export const GET = defineRoute(ReadGapPage, (input, actor) => readGapPage(actor, input));
