import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';
import { EntryFrame } from '#components/sign-in/entry-frame.tsx';
import { ForgottenForm } from '#components/sign-in/forgotten-form.tsx';
import { canMailLinks } from '#core/users/mail-links.ts';
import { askForLink } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('signIn');
  return { title: t('forgottenTitle') };
}

/** Where somebody who forgot the password asks for a link by mail; without a mail server an admin makes one. */
export default async function ForgottenPage() {
  if (!canMailLinks()) redirect('/sign-in');
  const t = await getTranslations('signIn');
  return (
    <EntryFrame title={t('forgottenTitle')}>
      <ForgottenForm askForLink={askForLink} />
    </EntryFrame>
  );
}
