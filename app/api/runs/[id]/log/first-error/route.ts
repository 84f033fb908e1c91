import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { findFirstError } from '#core/logs/logs.ts';
import { done } from '#core/outcome.ts';
import { defineRoute } from '../../../../define-route.ts';

const Query = z.object({ id: RunIdInAddress });

/** The number of the first line that reads like an error; null when there is none. */
export const GET = defineRoute(Query, async ({ id }, actor) => {
  const found = await findFirstError(actor, id);
  return found.ok ? done({ line: found.value }) : found;
});
