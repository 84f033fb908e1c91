'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Button } from '#components/ui/button.tsx';
import { ProblemState } from '#components/ui/problem-state.tsx';

/** Where a page ends that could not be made. The message itself stays on the server; its digest finds it there. */
export default function PageError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const t = useTranslations('errors');
  const common = useTranslations('common');
  return (
    <main id="main" className="px-gutter py-5">
      <ProblemState
        heading="h1"
        title={t('pageTitle')}
        meaning={t('pageMeaning')}
        nextStep={error.digest === undefined ? undefined : t('pageNextStep')}
        detail={error.digest}
        actions={
          <>
            <Button variant="primary" onClick={reset}>
              {common('retry')}
            </Button>
            <Button asChild>
              <Link href="/">{t('toOverview')}</Link>
            </Button>
          </>
        }
      />
    </main>
  );
}
