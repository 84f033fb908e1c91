import { stillSignedIn } from '#core/auth/sessions.ts';

/** A reader may be slow, and go on for hours; its session is asked for so often. */
const LOOK_EVERY_MS = 1_000;

/**
 * Text that comes in parts, as the body of an answer. Pulled part by part: a reader that stops reading stops the query, and
 * nothing piles up. It breaks off where the session of whoever reads is over: a download that is under way is no way
 * around that.
 */
export function streamOf(
  text: AsyncGenerator<string>,
  { sessionId }: { sessionId: string },
  lookEveryMs = LOOK_EVERY_MS,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let lookedAtMs = performance.now();
  return new ReadableStream({
    async pull(controller) {
      if (performance.now() - lookedAtMs >= lookEveryMs) {
        if (!(await stillSignedIn([sessionId])).has(sessionId)) {
          await text.return(undefined);
          return controller.error(new Error('the session is over'));
        }
        lookedAtMs = performance.now();
      }
      const { value, done } = await text.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await text.return(undefined);
    },
  });
}
