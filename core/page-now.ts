import { Clock } from './clock.ts';
import { databaseNow } from './database-now.ts';
import { sqlOf } from './db.ts';
import { webPool } from './prisma.ts';

type PageClock = { clock: Clock; measuredAtMs: number; measuring: Promise<void> | null };
// One a process: Next loads this file once a bundle.
const held = globalThis as { punctualPageClock?: PageClock };

const FRESH_MS = 30_000;
/** The first page of a process doesn't wait longer for it; the next one knows. */
const MOST_MS = 3_000;

/**
 * Now as pages tell it: by the database's clock, as far as it is known, so that a console whose own clock is off doesn't
 * say that a job is late, or that it ran for a time that lies ahead.
 */
export async function pageNow(): Promise<Date> {
  const own = (held.punctualPageClock ??= {
    clock: new Clock(),
    measuredAtMs: Number.NEGATIVE_INFINITY,
    measuring: null,
  });
  const isKnown = Number.isFinite(own.measuredAtMs);
  if (performance.now() - own.measuredAtMs > FRESH_MS) own.measuring ??= measure(own);
  if (!isKnown && own.measuring) {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, MOST_MS);
    });
    await Promise.race([own.measuring, enough]);
    clearTimeout(timer);
  }
  return own.clock.databaseNow();
}

async function measure(own: PageClock): Promise<void> {
  try {
    const sentAtMs = Date.now();
    const now = await databaseNow(sqlOf(webPool()));
    own.clock.align(now, sentAtMs, Date.now());
    own.measuredAtMs = performance.now();
  } catch {
    // No database, no page worth its clock: it is measured with the next one.
  } finally {
    own.measuring = null;
  }
}
