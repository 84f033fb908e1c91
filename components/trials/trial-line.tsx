'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import type { Outcome } from '#core/outcome.ts';
import type { EndedTrial } from '#core/trials/end-trial.ts';
import type { Trial } from '#core/trials/trials.ts';
import type { Side } from '#core/trials/verdict.ts';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { useNow } from '#components/time/now-provider.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { useTimeWords } from '#components/time/use-time-words.ts';
import { Notice } from '#components/ui/banner.tsx';
import { Button } from '#components/ui/button.tsx';
import { notify } from '#components/ui/toast.tsx';
import { trialsQuery } from './trial-queries.ts';

export type EndTrial = (input: {
  jobId: number;
  outcome: 'went_on' | 'went_back';
}) => Promise<Outcome<EndedTrial>>;

type End = { isAllowed: boolean; endTrial: EndTrial };

/** How the revision on trial does, with the way on and the way back; for some days how the last one ended. */
export function TrialLine({ jobId, ...end }: End & { jobId: number }) {
  const t = useTranslations('trial');
  const { data: trials } = useQuery(trialsQuery({ id: jobId }));
  const nowMs = useNow();
  const trial = trials?.[0];
  if (!trial) return null;
  if (trial.endedAt === null) {
    return (
      <section aria-label={t('region')} className="mt-4">
        <OpenTrial jobId={jobId} trial={trial} {...end} />
      </section>
    );
  }
  const isOld = nowMs - Date.parse(trial.endedAt) > TOLD_FOR_MS;
  if (isOld || trial.outcome === 'superseded') return null;
  return (
    <section aria-label={t('region')} className="mt-4">
      <EndedLine trial={trial} endedAt={trial.endedAt} />
    </section>
  );
}

const TOLD_FOR_MS = 3 * 86_400_000;

function OpenTrial({
  jobId,
  trial: { revision, baseRevision, share, runsOn, untilRuns, untilAt, figures },
  isAllowed,
  endTrial,
}: End & { jobId: number; trial: Trial }) {
  const t = useTranslations('trial');
  const who = useTranslations('whoMay');
  const client = useQueryClient();
  const sideWords = useSideWords();
  const { act, pending } = useAct<'went_on' | 'went_back'>();
  const end = async (outcome: 'went_on' | 'went_back') => {
    const ended = await act(outcome, () => endTrial({ jobId, outcome }));
    await client.invalidateQueries({ queryKey: ['job', jobId] });
    if (!ended) return;
    const { revision: number } = ended;
    notify(t(outcome === 'went_on' ? 'endedOn' : 'endedBack', { revision: number }));
  };
  const buttons = [
    { outcome: 'went_on', words: t('goOn', { revision }) },
    { outcome: 'went_back', words: t('goBack', { revision: baseRevision }) },
  ] as const;
  const labels = Object.entries(runsOn).map(([name, value]) => `${name}=${value}`);
  return (
    <Notice
      tone="info"
      title={t.rich('onTrial', {
        revision,
        untilRuns,
        ...sideWords(figures?.trial),
        b: (words) => words,
      })}
      actions={buttons.map(({ outcome, words }) => (
        <Button
          key={outcome}
          disabled={!isAllowed || pending !== null}
          title={isAllowed ? undefined : who('job:write')}
          pending={pending === outcome}
          onClick={() => void end(outcome)}
        >
          {words}
        </Button>
      ))}
    >
      {t('base', { revision: baseRevision, ...sideWords(figures?.base) })}{' '}
      {t.rich('ends', {
        share,
        hasLabels: String(labels.length > 0),
        labels: labels.join(', '),
        at: () => <AbsoluteTime at={untilAt} />,
      })}
    </Notice>
  );
}

function EndedLine({ trial, endedAt }: { trial: Trial; endedAt: string }) {
  const t = useTranslations('trial');
  const { revision, baseRevision, reason, outcome, endedBy } = trial;
  const words = {
    revision,
    reason: t(`reason.${reason ?? 'by_hand'}`, { by: endedBy ?? '' }),
    when: () => <RelativeTime at={endedAt} />,
  };
  return outcome === 'went_on' ? (
    <Notice tone="info">{t.rich('wentOn', words)}</Notice>
  ) : (
    <Notice>{t.rich('wentBack', { ...words, base: baseRevision })}</Notice>
  );
}

function useSideWords() {
  const { duration } = useTimeWords();
  return (side: Side | undefined) => ({
    runs: side?.runs ?? 0,
    failed: side?.failed ?? 0,
    hasLong: String((side?.p95Ms ?? null) !== null),
    long: duration(side?.p95Ms ?? 0),
  });
}
