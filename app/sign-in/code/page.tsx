import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { CodeForm } from '#components/sign-in/code-form.tsx';
import { EntryFrame } from '#components/sign-in/entry-frame.tsx';
import { safeNext } from '#core/auth/origin.ts';
import { whoIsAsked } from '#core/auth/sign-in-code.ts';
import { enteringSession } from '../../session.ts';
import { enterCode } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('secondFactor');
  return { title: t('codeTitle') };
}

/** The second step of signing in, after the password. */
export default async function CodePage({ searchParams }: PageProps<'/sign-in/code'>) {
  const { next } = await searchParams;
  const target = safeNext(typeof next === 'string' ? next : null);
  if (await enteringSession()) redirect(target);
  const asked = await whoIsAsked(await headers());
  const t = await getTranslations('secondFactor');
  const again = target === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(target)}`;
  return (
    <EntryFrame title={t('codeTitle')}>
      <CodeForm email={asked?.email ?? null} next={target} again={again} enterCode={enterCode} />
    </EntryFrame>
  );
}
