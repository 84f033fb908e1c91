import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { EntryFrame } from '#components/sign-in/entry-frame.tsx';
import { Welcome } from '#components/sign-in/welcome.tsx';
import { acceptInvitation, readLink, setPassword } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('signIn');
  return { title: t('welcome') };
}

/** Where a one-time link leads. Its token stands behind the #, which only the browser sees. */
export default async function WelcomePage() {
  const t = await getTranslations('signIn');
  return (
    <EntryFrame title={t('welcome')}>
      <Welcome actions={{ readLink, acceptInvitation, setPassword }} />
    </EntryFrame>
  );
}
