import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { streamLogText } from '#core/logs/logs.ts';
import { defineRoute } from '../../../../define-route.ts';
import { streamOf } from '../../../../stream-of.ts';

const Query = z.object({ id: RunIdInAddress, times: z.enum(['0', '1']).default('1') });

/** The whole log as a text file, sent part by part. */
export const GET = defineRoute(Query, async ({ id, times }, actor, _request, session) => {
  const text = await streamLogText(actor, id, { times: times === '1' });
  if (!text.ok) return text;
  return new Response(streamOf(text.value, session), {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="run-${id}.log"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
});
