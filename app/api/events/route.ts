import { signedIn } from '#core/auth/sessions.ts';
import { hub } from '#core/events/hub.ts';
import { eventStream } from '#core/events/stream.ts';
import { isDatabaseAway } from '#core/database-away.ts';

export const dynamic = 'force-dynamic';

/** What changes, as server-sent events: `{topic, ids}`, for as long as the session lasts. It keeps none alive. */
export async function GET(request: Request): Promise<Response> {
  const session = await signedIn(request.headers, { isActivity: false }).catch((error: unknown) => {
    if (isDatabaseAway(error)) return 'unavailable' as const;
    throw error;
  });
  if (session === 'unavailable') return new Response(null, { status: 503 });
  if (!session) return new Response(null, { status: 401 });
  return new Response(eventStream(hub(), session, request.signal), {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      // nginx would hold messages back until its buffer is full.
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  });
}
