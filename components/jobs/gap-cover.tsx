import { useTranslations } from 'next-intl';
import { Link } from '#components/ui/link.tsx';
import type { LedgerGap } from '#core/jobs/ledger.ts';

/** The run that stands for all ticks of a gap. */
export function GapCover({ cover: { state, runId } }: { cover: NonNullable<LedgerGap['cover']> }) {
  const t = useTranslations('job');
  if (state === null) return `; ${t('coverGone')}`;
  if (runId === null) return `; ${t('coverAhead')}`;
  return (
    <>
      {'; '}
      {t.rich(state === 'begun' ? 'coverBegun' : 'coverAwaited', {
        id: runId,
        run: (words) => (
          <Link href={`/runs/${runId}`} className="text-accent hover:underline">
            {words}
          </Link>
        ),
      })}
    </>
  );
}
