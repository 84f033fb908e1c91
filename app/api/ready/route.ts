import { sqlOf } from '#core/db.ts';
import { readReadiness } from '#core/health/readiness.ts';
import { webPool } from '#core/prisma.ts';

export const dynamic = 'force-dynamic';

/** Ready: 200 when schedules are kept, else 503; each check with a sentence, none with a secret. */
export async function GET(): Promise<Response> {
  const readiness = await readReadiness(sqlOf(webPool()));
  return Response.json(readiness, {
    status: readiness.ready ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
