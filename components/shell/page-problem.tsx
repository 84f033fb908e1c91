'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';
import type { Readiness } from '#core/health/readiness.ts';

const LOOK_EVERY_MS = 3_000;
// A page that fails again at once stays as it is, with its button: no loop.
const RETRY_ALONE_EVERY_MS = 30_000;
let lastRetryAloneMs = -Infinity;

type Cause = 'page' | 'database' | 'connection';

/**
 * Where a page ends that could not be made: says whether it was the page, the database or the connection, and
 * comes back by itself when these answer again. The error's own text stays on the server; its digest finds it there.
 */
export function PageProblem({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations('errors');
  const common = useTranslations('common');
  const [cause, setCause] = useState<Cause>('page');
  const look = useEffectEvent(async (signal: AbortSignal) => {
    const now = await findCause(signal);
    if (signal.aborted) return;
    setCause(now);
    const isOver = now === 'page';
    if (isOver && performance.now() - lastRetryAloneMs > RETRY_ALONE_EVERY_MS) {
      lastRetryAloneMs = performance.now();
      retry();
    }
  });
  useEffect(() => {
    const cut = new AbortController();
    void look(cut.signal);
    const timer = setInterval(() => void look(cut.signal), LOOK_EVERY_MS);
    return () => {
      cut.abort();
      clearInterval(timer);
    };
  }, []);
  const digest = digestOf(error);
  return (
    <ProblemState
      heading="h1"
      title={t(`${cause}Title`)}
      meaning={t(`${cause}Meaning`)}
      nextStep={cause === 'page' && digest !== null ? t('pageNextStep') : undefined}
      detail={cause === 'page' ? digest : undefined}
      actions={
        <>
          <Button variant="primary" onClick={retry}>
            {common('retry')}
          </Button>
          {/* A full load: what broke may be the program that this tab has loaded. */}
          <Button onClick={() => window.location.assign('/')}>{t('toOverview')}</Button>
        </>
      }
    />
  );
}

async function findCause(signal: AbortSignal): Promise<Cause> {
  try {
    const response = await fetch('/api/ready', { cache: 'no-store', signal });
    const { checks } = (await response.json()) as Readiness;
    return checks.some(({ name, ok }) => name === 'database' && !ok) ? 'database' : 'page';
  } catch {
    return 'connection';
  }
}

function digestOf(error: unknown): string | null {
  const hasDigest = typeof error === 'object' && error !== null && 'digest' in error;
  return hasDigest && typeof error.digest === 'string' ? error.digest : null;
}
