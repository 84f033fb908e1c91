import { z } from 'zod';
import { RunIdInAddress } from '#core/ids.ts';
import { streamLogText } from '#core/logs/logs.ts';
import { defineRoute } from '../../../../define-route.ts';

const Query = z.object({ id: RunIdInAddress, times: z.enum(['0', '1']).default('1') });

/** The whole log as a text file, sent part by part. */
export const GET = defineRoute(Query, async ({ id, times }, actor) => {
  const text = await streamLogText(actor, id, { times: times === '1' });
  if (!text.ok) return text;
  return new Response(asBytes(text.value), {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="run-${id}.log"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  });
});

// Pulled part by part: a reader that stops reading stops the query, and nothing piles up.
function asBytes(text: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await text.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await text.return(undefined);
    },
  });
}
