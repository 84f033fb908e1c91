'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SecondFactorSetup, type SetUpActions } from './second-factor-setup.tsx';

/** Somebody who may do nothing before they have a second factor sets one up. */
export function MustSetUp({
  next,
  ...setUp
}: {
  email: string;
  asksForPassword: boolean;
  next: string;
  actions: SetUpActions;
}) {
  const t = useTranslations('secondFactor');
  const [isFailed, setIsFailed] = useState(false);
  const signOut = async () => {
    if (await endSession().catch(() => false)) window.location.assign('/sign-in');
    else setIsFailed(true);
  };
  return (
    <>
      <p className="-mt-3 mb-5 text-body text-pretty text-ink-2">{t('mustSentence')}</p>
      <SecondFactorSetup {...setUp} onDone={() => window.location.assign(next)} />
      <p className="mt-6 text-meta text-ink-3">
        {setUp.email}{' '}
        <button
          type="button"
          className="text-accent underline-offset-[3px] hover:underline phone:py-2"
          onClick={() => void signOut()}
        >
          {t('signOut')}
        </button>
        {isFailed && <span role="alert">{t('signOutFailed')}</span>}
      </p>
    </>
  );
}

async function endSession(): Promise<boolean> {
  const answer = await fetch('/api/auth/sign-out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  return answer.ok;
}
