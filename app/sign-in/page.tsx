import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { EntryFrame } from '#components/sign-in/entry-frame.tsx';
import { SignInForm } from '#components/sign-in/sign-in-form.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { consoleOrigin, safeNext } from '#core/auth/origin.ts';
import { environment } from '#core/environment.ts';
import { hasNoUsers } from '#core/users/users.ts';
import { enteringSession, sessionFromRequest } from '../session.ts';
import { signIn } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('signIn');
  return { title: t('signIn') };
}

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next } = await searchParams;
  const target = safeNext(typeof next === 'string' ? next : null);
  if (await sessionFromRequest()) redirect(target);
  if (await enteringSession()) {
    redirect(`/sign-in/second-factor?next=${encodeURIComponent(target)}`);
  }
  const t = await getTranslations('signIn');
  const origin = consoleOrigin(await headers(), environment().PUNCTUAL_URL);
  const isNew = await hasNoUsers();
  return (
    <EntryFrame title={t('signIn')}>
      {!origin.ok && (
        <Notice className="mb-4" title={t('wrongAddress')}>
          {origin.message}
        </Notice>
      )}
      {isNew && (
        <Notice className="mb-4" tone="info" title={t('nobodyYet')}>
          {t('nobodyYetNextStep')}
        </Notice>
      )}
      <SignInForm next={target} signIn={signIn} />
    </EntryFrame>
  );
}
