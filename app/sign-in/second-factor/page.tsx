import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';
import { EntryFrame } from '#components/sign-in/entry-frame.tsx';
import { MustSetUp } from '#components/sign-in/must-set-up.tsx';
import { safeNext } from '#core/auth/origin.ts';
import { readOwnSecondFactor } from '#core/users/own-second-factor.ts';
import { enteringSession, sessionFromRequest } from '../../session.ts';
import { beginOwnSecondFactor, confirmOwnSecondFactor } from './actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('secondFactor');
  return { title: t('mustTitle') };
}

/** Where somebody lands who must set up a second factor before anything else. */
export default async function SecondFactorPage({
  searchParams,
}: PageProps<'/sign-in/second-factor'>) {
  const { next } = await searchParams;
  const target = safeNext(typeof next === 'string' ? next : null);
  const session = await enteringSession();
  if (!session) redirect('/sign-in');
  if (await sessionFromRequest()) redirect(target);
  const t = await getTranslations('secondFactor');
  const { asksForPassword } = await readOwnSecondFactor(session);
  return (
    <EntryFrame title={t('mustTitle')}>
      <MustSetUp
        email={session.actor.email}
        asksForPassword={asksForPassword}
        next={target}
        actions={{ begin: beginOwnSecondFactor, confirm: confirmOwnSecondFactor }}
      />
    </EntryFrame>
  );
}
