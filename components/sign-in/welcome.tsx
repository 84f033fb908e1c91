'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { GrantWords } from '#components/settings/grant-words.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { RowsSkeleton } from '#components/ui/skeleton.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import type { Outcome } from '#core/outcome.ts';
import type { LinkOffer } from '#core/users/links.ts';
import { type AcceptInvitation, AccountForm } from './account-form.tsx';
import { PasswordForm, type SetPassword } from './password-form.tsx';

export type WelcomeActions = {
  readLink: (input: { token: string }) => Promise<Outcome<LinkOffer>>;
  acceptInvitation: AcceptInvitation;
  setPassword: SetPassword;
};

/** Reads the token out of the address, and shows what it offers: an account, a new password, or why neither. */
export function Welcome({ actions }: { actions: WelcomeActions }) {
  const t = useTranslations('signIn');
  const { token, offer, problem } = useLink(actions.readLink, t('unreachable'));
  if (problem) {
    return (
      <Notice tone="fail" title={t('linkUseless')}>
        {problem} <TextLink href="/sign-in">{t('toSignIn')}</TextLink>
      </Notice>
    );
  }
  if (!offer) return <RowsSkeleton rows={4} label={t('readingLink')} />;
  if (offer.purpose === 'password') {
    return (
      <>
        <Sentence>{t('newPasswordFor', { name: offer.name })}</Sentence>
        <PasswordForm token={token} email={offer.email} setPassword={actions.setPassword} />
      </>
    );
  }
  const isAdmin = offer.grants.some(({ role }) => role === 'admin');
  return (
    <>
      <Sentence>
        {offer.isFirstAdmin
          ? t('firstAdmin')
          : isAdmin
            ? t('asAdmin')
            : t.rich('asOther', { grants: () => <GrantWords grants={offer.grants} /> })}
      </Sentence>
      <AccountForm token={token} email={offer.email} acceptInvitation={actions.acceptInvitation} />
    </>
  );
}

function Sentence({ children }: { children: ReactNode }) {
  return <p className="-mt-3 mb-5 text-body text-pretty text-ink-2">{children}</p>;
}

function useLink(readLink: WelcomeActions['readLink'], unreachable: string) {
  const [token, setToken] = useState('');
  const [offer, setOffer] = useState<LinkOffer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const given = window.location.hash.slice(1);
    let isHere = true;
    readLink({ token: given })
      .then((outcome) => {
        if (!isHere) return;
        if (!outcome.ok) return setProblem(outcome.refusal.message);
        setToken(given);
        setOffer(outcome.value);
      })
      .catch(() => {
        if (isHere) setProblem(unreachable);
      });
    return () => {
      isHere = false;
    };
  }, [readLink, unreachable]);
  return { token, offer, problem };
}
