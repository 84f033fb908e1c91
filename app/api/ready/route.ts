import { sqlOf } from '#core/db.ts';
import { environment } from '#core/environment.ts';
import { readFreeBytes } from '#core/health/own-disk.ts';
import { readReadiness } from '#core/health/readiness.ts';
import { webPool } from '#core/prisma.ts';
import { healthWordsForPrograms } from '../../health-words.ts';

export const dynamic = 'force-dynamic';

/** Ready: 200 when schedules are kept, else 503; each check with a sentence, none with a secret or a name. */
export async function GET(): Promise<Response> {
  const readiness = await readReadiness(
    { sql: sqlOf(webPool()), freeBytes: () => readFreeBytes(environment()) },
    healthWordsForPrograms(),
  );
  return Response.json(readiness, {
    status: readiness.ready ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
