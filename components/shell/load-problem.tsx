'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';
import { HttpProblem } from './fetch-json.ts';

/** What stands in place of data that a `useQuery` could not get: `<LoadProblem title error onRetry>`. */
export function LoadProblem({
  title,
  error,
  onRetry,
  className,
}: {
  /** What happened: "The runs could not be loaded". */
  title: ReactNode;
  error: unknown;
  onRetry: () => void;
  className?: string | undefined;
}) {
  const t = useTranslations('errors');
  const common = useTranslations('common');
  if (error instanceof HttpProblem && error.status === 403) {
    return (
      <ProblemState
        tone="locked"
        title={t('notAllowedTitle')}
        meaning={error.refusal?.message ?? t('notAllowedMeaning')}
        className={className}
      />
    );
  }
  return (
    <ProblemState
      title={title}
      meaning={error instanceof HttpProblem ? error.message : t('connectionMeaning')}
      actions={<Button onClick={onRetry}>{common('retry')}</Button>}
      className={className}
    />
  );
}
