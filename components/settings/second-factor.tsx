'use client';

import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { notify, notifyFailure } from '#components/ui/toast.tsx';
import type { SecondFactorKey } from '#core/users/own-second-factor.ts';
import type { AccountActions } from './settings-actions.ts';
import { ownSecondFactor, ownSessions } from './settings-queries.ts';

const SecondFactorSetup = dynamic(
  () => import('../sign-in/second-factor-setup.tsx').then((file) => file.SecondFactorSetup),
  { ssr: false },
);
const RecoveryCodes = dynamic(
  () => import('../sign-in/recovery-codes.tsx').then((file) => file.RecoveryCodes),
  { ssr: false },
);
const ProofDialog = dynamic(() => import('./proof-dialog.tsx').then((file) => file.ProofDialog), {
  ssr: false,
});

type Props = { email: string; provider: string | null; actions: AccountActions['secondFactor'] };

/** One's own second factor: set up, new recovery codes, switched off. */
export function SecondFactor({ email, provider, actions }: Props) {
  const t = useTranslations('secondFactor');
  const client = useQueryClient();
  const { data } = useSuspenseQuery(ownSecondFactor);
  const [settingUp, setSettingUp] = useState<{ begun: SecondFactorKey | null } | null>(null);
  const { act, pending } = useAct<'begin'>();
  const [asked, setAsked] = useState<'renew' | 'remove' | null>(null);
  const [recoveryCodes, setRecoveryCodes] = useState<string[] | null>(null);
  const refresh = async () => {
    await Promise.all(
      [ownSecondFactor, ownSessions].map(({ queryKey }) => client.invalidateQueries({ queryKey })),
    );
  };
  const askForPassword = () => setSettingUp({ begun: null });
  const setUp = async () => {
    if (data.asksForPassword) return askForPassword();
    // Who has just signed in needn't say it again, unless the server thinks that it is too long ago.
    const begun = await act(
      'begin',
      () => actions.begin({ password: '' }),
      ({ fields, message }) => (fields ? askForPassword() : notifyFailure(message)),
    );
    if (begun) setSettingUp({ begun });
  };
  if (settingUp) {
    const onDone = () => {
      setSettingUp(null);
      notify(t('isOn'));
      void refresh();
    };
    return (
      <SecondFactorSetup
        email={email}
        asksForPassword
        begun={settingUp.begun}
        actions={actions}
        onDone={onDone}
      />
    );
  }
  if (recoveryCodes) {
    return (
      <RecoveryCodes codes={recoveryCodes} email={email} onKept={() => setRecoveryCodes(null)} />
    );
  }
  if (data.since === null) {
    return data.hasPassword ? (
      <>
        <p className="text-table text-ink-2">{t('off')}</p>
        <Button className="mt-3" pending={pending !== null} onClick={() => void setUp()}>
          {t('setUp')}
        </Button>
      </>
    ) : (
      <p className="text-table text-pretty text-ink-2">
        {t('throughProvider', { provider: provider ?? '' })}
      </p>
    );
  }
  const since = data.since;
  return (
    <>
      <p className="text-table text-pretty text-ink-2">
        {t.rich('on', { left: data.recoveryCodesLeft, since: () => <AbsoluteTime at={since} /> })}
        {data.isRequired && ` ${t('required')}`}
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button onClick={() => setAsked('renew')}>{t('renew')}</Button>
        <Button disabled={data.isRequired} onClick={() => setAsked('remove')}>
          {t('remove')}
        </Button>
      </div>
      {asked && (
        <ProofDialog
          act={asked}
          email={email}
          actions={actions}
          onClose={() => setAsked(null)}
          onDone={(codes) => {
            setAsked(null);
            setRecoveryCodes(codes);
            if (!codes) notify(t('removed'));
            void refresh();
          }}
        />
      )}
    </>
  );
}
