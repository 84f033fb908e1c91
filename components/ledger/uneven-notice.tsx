'use client';

import { useTranslations } from 'next-intl';
import type { LedgerSums } from '#core/ledger-sums/read-ledger-sums.ts';
import { useClock } from '#components/time/now-provider.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { Link } from '#components/ui/link.tsx';

/** Which jobs don't add up, where, and the command that names each of their ticks. */
export function UnevenNotice({ sums }: { sums: LedgerSums }) {
  const t = useTranslations('ledger');
  const words = useTimeWords();
  const clock = useClock();
  const { uneven, unevenCount } = sums;
  if (unevenCount === 0) return null;
  // With the day in any case: two midnights of which one is today's would read alike.
  const at = (instant: string) =>
    t('at', {
      day: words.absolute(Date.parse(instant), clock.atFirst, 'day'),
      time: words.absolute(Date.parse(instant), clock.atFirst, 'time'),
    });
  return (
    <Notice tone="fail" className="mt-4" title={t('unevenTitle', { jobs: unevenCount })}>
      <ul>
        {uneven.map((job) => (
          <li key={job.key} className="mt-1.5">
            <p suppressHydrationWarning>
              <Link
                href={`/jobs/${job.key}?${new URLSearchParams({ from: job.from, to: job.to })}`}
                className="font-mono font-medium text-ink hover:underline"
              >
                {job.key}
              </Link>
              {job.isDeleted && ` (${t('deletedJob')})`}
              {': '}
              {t('astray', {
                missing: job.missing,
                tooMany: job.tooMany,
                both: String(job.missing > 0 && job.tooMany > 0),
                from: at(job.from),
                to: at(job.to),
              })}
            </p>
            <p className="flex items-center gap-1 text-meta">
              <span className="sr-only">{t('showThem')}</span>
              <code className="min-w-0 font-mono break-all">{commandOf(job)}</code>
              <CopyButton text={commandOf(job)} label={t('copyCommand')} />
            </p>
          </li>
        ))}
      </ul>
      {unevenCount > uneven.length && (
        <p className="mt-1.5">{t('moreUneven', { count: unevenCount - uneven.length })}</p>
      )}
    </Notice>
  );
}

/** To the second, and not before its last tick. */
function commandOf({ key, from, to }: LedgerSums['uneven'][number]): string {
  const until = new Date(Math.ceil(Date.parse(to) / 1_000) * 1_000).toISOString();
  return `npm run punctual -- audit-ticks --job ${key} --from ${short(from)} --to ${short(until)}`;
}

const short = (instant: string) => instant.replace('.000Z', 'Z');
