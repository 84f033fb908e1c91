import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { EntryFrame } from '#components/sign-in/entry-frame.tsx';
import { ProviderButton } from '#components/sign-in/provider-button.tsx';
import { SignInForm } from '#components/sign-in/sign-in-form.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { TextLink } from '#components/ui/text-link.tsx';
import { consoleOrigin, safeNext } from '#core/auth/origin.ts';
import { keptRefusal } from '#core/auth/provider-sign-in.ts';
import { environment } from '#core/environment.ts';
import { canMailLinks } from '#core/users/mail-links.ts';
import { hasNoUsers } from '#core/users/users.ts';
import { enteringSession, sessionFromRequest } from '../session.ts';
import { goToProvider, signIn } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('signIn');
  return { title: t('signIn') };
}

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next, refused, password } = await searchParams;
  const target = safeNext(typeof next === 'string' ? next : null);
  if (await sessionFromRequest()) redirect(target);
  if (await enteringSession()) {
    redirect(`/sign-in/second-factor?next=${encodeURIComponent(target)}`);
  }
  const t = await getTranslations('signIn');
  const given = environment();
  const origin = consoleOrigin(await headers(), given.PUNCTUAL_URL);
  const isNew = await hasNoUsers();
  const refusal = typeof refused === 'string' ? await keptRefusal(await headers(), refused) : null;
  const provider = given.PUNCTUAL_OIDC_ISSUER === undefined ? null : given.PUNCTUAL_OIDC_NAME;
  const isPasswordShown = given.PUNCTUAL_PASSWORDS === 'on' || password !== undefined;
  return (
    <EntryFrame title={t('signIn')}>
      {!origin.ok && (
        <Notice className="mb-4" title={t('wrongAddress')}>
          {origin.message}
        </Notice>
      )}
      {refusal !== null && (
        <div role="alert" className="mb-4 break-words">
          <Notice tone="fail" title={t('notSignedIn')}>
            {refusal}
          </Notice>
        </div>
      )}
      {isNew && (
        <Notice className="mb-4" tone="info" title={t('nobodyYet')}>
          {t('nobodyYetNextStep')}
        </Notice>
      )}
      {isPasswordShown && (
        <SignInForm next={target} canMailLinks={canMailLinks()} signIn={signIn} />
      )}
      {provider !== null && isPasswordShown && (
        <p className="my-5 flex items-center gap-3 text-meta text-ink-3 before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
          {t('or')}
        </p>
      )}
      {provider !== null && (
        <ProviderButton
          provider={provider}
          next={target}
          isMain={!isPasswordShown}
          goToProvider={goToProvider}
        />
      )}
      {provider !== null && !isPasswordShown && (
        <p className="mt-6 text-meta text-pretty text-ink-3">
          {t('passwordsOff', { provider })}{' '}
          <TextLink href={`/sign-in?password&next=${encodeURIComponent(target)}`}>
            {t('withPassword')}
          </TextLink>
        </p>
      )}
    </EntryFrame>
  );
}
