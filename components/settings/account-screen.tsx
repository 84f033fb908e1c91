'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTimeZone, useTranslations } from 'next-intl';
import { FactList } from '#components/ui/section-head.tsx';
import type { Grant } from '#core/auth/grants.ts';
import { GrantWords } from './grant-words.tsx';
import { PasswordChange } from './password-change.tsx';
import { SecondFactor } from './second-factor.tsx';
import { SessionList } from './session-list.tsx';
import type { AccountActions } from './settings-actions.ts';
import { ownSecondFactor } from './settings-queries.ts';
import { SettingsSection } from './settings-section.tsx';
import { ThemeChoice } from './theme-choice.tsx';

export type OwnAccount = { name: string; email: string; grants: readonly Grant[] };

/** One's own account: who one is, how it looks here, the password, and where one is signed in. */
export function AccountScreen({
  user,
  provider,
  actions,
}: {
  user: OwnAccount;
  /** What the identity provider is called, where there is one. */
  provider: string | null;
  actions: AccountActions;
}) {
  const factor = useTranslations('secondFactor');
  const t = useTranslations('settings');
  const timeZone = useTimeZone();
  const { hasPassword } = useSuspenseQuery(ownSecondFactor).data;
  const zone = (
    <>
      {timeZone}
      <span className="block text-meta text-pretty text-ink-3">{t('look.zoneHint')}</span>
    </>
  );
  return (
    <>
      <SettingsSection title={t('you.title')} sentence={t('you.sentence')}>
        <FactList
          facts={[
            { name: t('you.name'), value: user.name },
            { name: t('you.email'), value: user.email },
            {
              name: t('you.role'),
              value: <GrantWords grants={user.grants} />,
            },
          ]}
        />
      </SettingsSection>
      <SettingsSection title={t('look.title')} sentence={t('look.sentence')}>
        <FactList
          facts={[
            { name: t('look.theme'), value: <ThemeChoice /> },
            { name: t('look.zone'), value: zone },
          ]}
        />
      </SettingsSection>
      {hasPassword && (
        <SettingsSection title={t('password.title')} sentence={t('password.sentence')}>
          <PasswordChange email={user.email} changePassword={actions.changePassword} />
        </SettingsSection>
      )}
      <SettingsSection title={factor('title')} sentence={factor('sentence')}>
        <SecondFactor email={user.email} provider={provider} actions={actions.secondFactor} />
      </SettingsSection>
      <SettingsSection title={t('sessions.title')} sentence={t('sessions.sentence')}>
        <SessionList
          endSession={actions.endSession}
          signOutEverywhere={actions.signOutEverywhere}
        />
      </SettingsSection>
    </>
  );
}
