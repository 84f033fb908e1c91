import { readSpreadEffect, ReadSpreadEffect } from '#core/forecast/spread-jobs.ts';
import { defineRoute } from '../../define-route.ts';

/** What some of the proposed edits do; schedules don't fit into an address. */
export const POST = defineRoute(ReadSpreadEffect, (input, actor) => readSpreadEffect(actor, input));
