import { listTrail } from '#core/audit/trail.ts';
import type { ListTrail } from '#core/audit/trail-filters.ts';
import { z } from 'zod';
import { defineRoute } from '../../define-route.ts';

// Parsed by the read itself.
const Query = z.custom<z.input<typeof ListTrail>>();

/** A page of the audit trail. */
export const GET = defineRoute(Query, (input, actor) => listTrail(actor, input));
