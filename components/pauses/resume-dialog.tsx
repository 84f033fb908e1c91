'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import type { ResumeAnswer } from '#core/jobs/resume-answer.ts';
import type { Refusal } from '#core/outcome.ts';
import { FormDialog } from '#components/ui/form-dialog.tsx';
import { RadioGroup } from '#components/ui/radio-group.tsx';
import { type AnswerRule, useAnswerOptions } from './answer-options.tsx';
import { pauseQuery } from './pause-queries.ts';
import { PickTicks } from './pick-ticks.tsx';
import { minutesOf, SpreadField } from './spread-field.tsx';
import { usePauseCounts, useResting } from './use-pause-counts.ts';

export type GivenAnswer = z.input<typeof ResumeAnswer>;

/** Beyond so many ids an address is too long: then nothing is counted ahead. */
const MOST_COUNTED = 1_000;

/**
 * Asks what becomes of the occurrences that fell into a pause. `jobs` null: into the pause of everything. Jobs that missed
 * none are resumed without a question. It stays open with the sentence when it is refused. Skipping is chosen: nothing that
 * somebody stopped starts with Enter.
 */
export function ResumeDialog({
  jobs: given,
  onResume,
  onClose,
}: {
  jobs: readonly { id: number; key: string }[] | null;
  /** True when it is done, and the dialog goes. */
  onResume: (answer: GivenAnswer, onRefused?: (refusal: Refusal) => void) => Promise<boolean>;
  onClose: () => void;
}) {
  const t = useTranslations('pauses');
  // What was asked about stays so, also where the page shows the jobs as resumed already.
  const [jobs] = useState(given);
  const [rule, setRule] = useState<AnswerRule>('skip');
  const [picked, setPicked] = useState<string[]>([]);
  const [spread, setSpread] = useState('0');
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isPending, setIsPending] = useState(false);
  const only = jobs?.length === 1 ? jobs[0]! : null;
  const canCount = jobs === null || jobs.length <= MOST_COUNTED;
  const pause = useQuery({ ...pauseQuery(jobs?.map(({ id }) => id) ?? null), enabled: canCount });
  const ticks = pause.data?.ticks;
  const isNone = ticks === 0;
  const asksNothing = jobs !== null && isNone;
  useOnce(asksNothing, async () => {
    await onResume({ rule: 'skip' });
    onClose();
  });
  const options = useAnswerOptions(pause.data, only !== null);
  const counts = usePauseCounts(pause.data, pause.isError || !canCount, only !== null);
  const resting = useResting(rule === 'skip' ? undefined : pause.data, only !== null);
  const runs = runsOf(rule, pause.data, picked.length);
  const refuseHere = (message: string) => setRefusal({ code: 'invalid', message });

  const submit = async () => {
    if (rule === 'pick' && picked.length === 0) return refuseHere(t('pickNone'));
    const spreadMinutes = minutesOf(spread);
    const answer: GivenAnswer =
      rule === 'skip' || isNone
        ? { rule: 'skip' }
        : rule === 'pick'
          ? { rule, at: picked, spreadMinutes }
          : { rule, spreadMinutes };
    setIsPending(true);
    setRefusal(null);
    const isDone = await onResume(answer, setRefusal);
    setIsPending(false);
    if (isDone) onClose();
  };
  const spreadError = refusal?.fields?.find(({ path }) => path.includes('spreadMinutes'))?.message;

  // What it asks is known in a moment, or that there is nothing to ask.
  if (jobs !== null && (asksNothing || (canCount && pause.isPending))) return null;
  return (
    <FormDialog
      title={
        jobs === null
          ? t('resumeTitleAll')
          : only
            ? t.rich('resumeTitle', { key: () => <span className="font-mono">{only.key}</span> })
            : t('resumeTitleMany', { count: jobs.length })
      }
      sentence={
        <span aria-live="polite">
          {counts}
          {resting && <span className="mt-2 block text-time-ink">{resting}</span>}
        </span>
      }
      submit={jobs === null ? t('resumeDoAll') : t('resumeDoRun', { count: runs })}
      problem={spreadError ? undefined : refusal?.message}
      isPending={isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      {!isNone && (
        <>
          <RadioGroup
            layout="list"
            label={t('answer')}
            options={options}
            value={rule}
            onValueChange={(next) => {
              setRule(next);
              setRefusal(null);
            }}
          />
          {rule === 'pick' && only && (
            <PickTicks jobId={only.id} picked={picked} onPick={setPicked} />
          )}
          {rule !== 'skip' && (rule !== 'latest' || only === null) && (
            <SpreadField value={spread} onChange={setSpread} error={spreadError} />
          )}
        </>
      )}
    </FormDialog>
  );
}

/** Does something once, when it comes to that. */
function useOnce(isTime: boolean, act: () => Promise<void>): void {
  const isDone = useRef(false);
  useEffect(() => {
    if (!isTime || isDone.current) return;
    isDone.current = true;
    void act();
  });
}

function runsOf(
  rule: AnswerRule,
  pause: { ticks: number; jobsToLatest: number } | undefined,
  picked: number,
): number {
  switch (rule) {
    case 'skip':
      return 0;
    case 'latest':
      return pause?.jobsToLatest ?? 0;
    case 'all':
      return pause?.ticks ?? 0;
    case 'pick':
      return picked;
  }
}
