'use client';

import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { asDone } from '#components/shell/as-done.ts';
import { useAct } from '#components/shell/use-act.ts';
import { Button } from '#components/ui/button.tsx';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { notify } from '#components/ui/toast.tsx';
import { SessionTable } from './session-table.tsx';
import type { AccountActions } from './settings-actions.ts';
import { ownSessions } from './settings-queries.ts';

type Props = Pick<AccountActions, 'endSession' | 'signOutEverywhere'>;

/** Where one is signed in, with a button to end each and one to end all. */
export function SessionList({ endSession, signOutEverywhere }: Props) {
  const t = useTranslations('settings.sessions');
  const client = useQueryClient();
  const { data: sessions } = useSuspenseQuery(ownSessions);
  const { act, pending } = useAct<'all'>();
  const signOut = async () => {
    // A full load, so that nothing of this user stays in the tab.
    if (await act('all', signOutEverywhere)) window.location.assign('/sign-in');
  };
  return (
    <>
      <SessionTable
        sessions={sessions}
        markOf={({ isThisOne }) =>
          isThisOne && (
            <LabelChip tone="accent" className="ml-2">
              {t('thisOne')}
            </LabelChip>
          )
        }
        mayEnd={({ isThisOne }) => !isThisOne}
        end={({ id }) => asDone(endSession({ sessionId: id }))}
        onAnswer={async (isEnded) => {
          await client.invalidateQueries({ queryKey: ownSessions.queryKey });
          if (isEnded) notify(t('ended'));
        }}
      />
      <Button className="mt-4" pending={pending !== null} onClick={() => void signOut()}>
        {t('everywhere')}
      </Button>
    </>
  );
}
