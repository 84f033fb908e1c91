import { useTranslations } from 'next-intl';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { checkOf } from '#core/health/checks.ts';
import type { HealthView } from '#core/health/read-health.ts';
import { useHealthWords } from './use-health-words.ts';

/** What is wrong, the worst first: since when, about what, and what to do. */
export function Needs({ checks }: { checks: HealthView['checks'] }) {
  const t = useTranslations('health');
  const words = useHealthWords();
  return (
    <section aria-label={t('needs')} className="mt-5 grid gap-3">
      {checks.map((judged) => {
        const { level, name, value, since, about } = judged;
        const { warnAt, badAt, unit, worse } = checkOf(name);
        const line = level === 'bad' ? badAt : warnAt;
        const names = words.about(judged);
        const sentence = words.sentence(judged);
        return (
          <Notice
            key={name}
            tone={level === 'bad' ? 'fail' : 'warn'}
            title={
              <>
                {value === null ? sentence : words.title(judged)}
                {since && (
                  <span className="ml-2 font-normal text-ink-2">
                    {t.rich('since', { at: () => <RelativeTime at={since} /> })}
                  </span>
                )}
              </>
            }
          >
            {value !== null && <p>{sentence}</p>}
            {about.length > 0 && !sentence.includes(names) && (
              <p className="font-mono break-words">{names}</p>
            )}
            <p className="mt-1">
              <b className="font-medium text-ink">{t('next')}</b> {words.next(judged)}
            </p>
            {line !== null && unit !== 'count' && (
              <p className="mt-1 text-meta text-ink-3">
                {t(level === 'bad' ? 'lineBad' : 'lineWarn', {
                  worse,
                  line: words.number(unit, line),
                })}
              </p>
            )}
          </Notice>
        );
      })}
    </section>
  );
}
