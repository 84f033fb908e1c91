import { ANSWER_TIMEOUT_MS } from '../database-away.ts';
import type { Check, Level } from './check.ts';
import { checkOf } from './checks.ts';
import { judge, judgeDatabaseAway, type Judged, judgeOtherSchema } from './judge.ts';
import { type HealthSources, readFigures } from './read-figures.ts';
import type { HealthWords } from './words.ts';

/**
 * One thing that is watched. `says` and `next` are sentences without addresses, names or secrets: anybody may read them.
 * `value` is in `unit`; it asks for a look beyond `warnAt` and is bad beyond `badAt`.
 */
export type ReadinessCheck = {
  name: string;
  /** Not bad. */
  ok: boolean;
  level: Level;
  /** Punctual isn't ready while it is bad. */
  decides: boolean;
  says: string;
  next: string | null;
  value: number | null;
} & Pick<Check, 'unit' | 'worse' | 'warnAt' | 'badAt'>;
export type Readiness = { ready: boolean; checks: ReadinessCheck[] };

/**
 * Whether schedules are kept right now: the database answers, its migrations are this program's, a worker is alive, the
 * planner isn’t behind. The other checks are told with them and decide nothing. Never throws, and answers within 5 s.
 */
export async function readReadiness(
  sources: HealthSources,
  words: HealthWords,
): Promise<Readiness> {
  const checks = (await judgeInTime(sources)).map((judged) => checked(judged, words));
  return { ready: checks.every(({ ok, decides }) => ok || !decides), checks };
}

function checked(judged: Judged, words: HealthWords): ReadinessCheck {
  const { unit, worse, warnAt, badAt, isReadiness = false } = checkOf(judged.name);
  const { name, level, value } = judged;
  return {
    name,
    ok: level !== 'bad',
    level,
    decides: isReadiness,
    says: words.sentence(judged),
    next: level === 'bad' || level === 'warn' ? words.next(judged) : null,
    value,
    unit,
    worse,
    warnAt,
    badAt,
  };
}

/** A database that answers late or not at all, or whose tables aren't as expected, is the answer as well. */
async function judgeInTime(sources: HealthSources): Promise<Judged[]> {
  const late = Promise.withResolvers<null>();
  const timer = setTimeout(() => late.resolve(null), ANSWER_TIMEOUT_MS);
  try {
    const figures = await Promise.race([readFigures(sources), late.promise]);
    if (figures === null) return judgeDatabaseAway();
    return 'isOtherSchema' in figures ? judgeOtherSchema(figures) : judge(figures);
  } catch {
    return judgeDatabaseAway();
  } finally {
    clearTimeout(timer);
  }
}
