'use client';

import { useTranslations } from 'next-intl';
import { MOST_OF_A_JOB, MOST_TOGETHER } from '#core/jobs/answer-limits.ts';
import type { PauseToAnswer } from '#core/jobs/read-pause.ts';
import type { ResumeAnswer } from '#core/jobs/resume-answer.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import type { RadioOption } from '#components/ui/radio-group.tsx';

export type AnswerRule = ResumeAnswer['rule'];

/** The answers to a pause, with what each runs; one that would be refused says so and can't be chosen. */
export function useAnswerOptions(
  pause: PauseToAnswer | undefined,
  isOneJob: boolean,
): RadioOption<AnswerRule>[] {
  const t = useTranslations('pauses');
  const several = String(!isOneJob);
  const isUpToDate = pause !== undefined && pause.ticks > 0 && pause.jobsToLatest === 0;
  const tooMany = useTooMany(pause, isOneJob);
  return [
    { value: 'skip', label: t('skip'), hint: t('skipHint') },
    {
      value: 'latest',
      label: t('latest', { several }),
      hint: t(isUpToDate ? 'latestMadeUp' : 'latestHint', { several }),
      disabled: isUpToDate,
      aside: isOneJob && pause?.latestAt ? <AbsoluteTime at={pause.latestAt} /> : undefined,
    },
    {
      value: 'all',
      label: t('all', { several, ticks: pause?.ticks ?? 0 }),
      hint: tooMany ?? t('allHint'),
      disabled: tooMany !== null,
    },
    // Of a tick that counts from the end of a run nothing can be picked but whether it comes at once.
    ...(isOneJob && pause?.jobsAfterEnd !== 1
      ? [{ value: 'pick' as const, label: t('pick'), hint: t('pickHint', { most: MOST_OF_A_JOB }) }]
      : []),
  ];
}

function useTooMany(pause: PauseToAnswer | undefined, isOneJob: boolean): string | null {
  const t = useTranslations('pauses');
  if (!pause?.most) return null;
  if (pause.most.ticks > MOST_OF_A_JOB) {
    return t('allTooMany', {
      most: MOST_OF_A_JOB,
      hasKey: String(!isOneJob),
      key: pause.most.key,
      ticks: pause.most.ticks,
    });
  }
  return pause.ticks > MOST_TOGETHER ? t('allTooManyTogether', { most: MOST_TOGETHER }) : null;
}
