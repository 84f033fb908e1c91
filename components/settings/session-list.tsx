'use client';

import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { LabelChip } from '#components/ui/label-chip.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { notify } from '#components/ui/toast.tsx';
import { done } from '#core/outcome.ts';
import type { OwnSession } from '#core/users/own-sessions.ts';
import { browserOf } from './browser-words.ts';
import type { AccountActions } from './settings-actions.ts';
import { ownSessions } from './settings-queries.ts';

type Props = Pick<AccountActions, 'endSession' | 'signOutEverywhere'>;

/** Where one is signed in, with a button to end each and one to end all. */
export function SessionList({ endSession, signOutEverywhere }: Props) {
  const t = useTranslations('settings.sessions');
  const { data: sessions } = useSuspenseQuery(ownSessions);
  const { act, pending } = useAct<'all'>();
  const signOut = async () => {
    // A full load, so that nothing of this user stays in the tab.
    if (await act('all', signOutEverywhere)) window.location.assign('/sign-in');
  };
  return (
    <>
      <Table bleed={false} className="-mt-1.5">
        <colgroup className="phone:hidden">
          <col />
          <col className="w-24" />
          <col className="w-32" />
          <col className="w-16" />
        </colgroup>
        <TableHead>
          <Th>{t('device')}</Th>
          <Th>{t('seen')}</Th>
          <Th>{t('ends')}</Th>
          <Th>
            <span className="sr-only">{t('end')}</span>
          </Th>
        </TableHead>
        <TableBody>
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} endSession={endSession} />
          ))}
        </TableBody>
      </Table>
      <Button className="mt-4" pending={pending !== null} onClick={() => void signOut()}>
        {t('everywhere')}
      </Button>
    </>
  );
}

function SessionRow({
  session,
  endSession,
}: {
  session: OwnSession;
  endSession: Props['endSession'];
}) {
  const t = useTranslations('settings.sessions');
  const client = useQueryClient();
  const { act, pending } = useAct<'end'>();
  const known = browserOf(session.userAgent);
  const browser = known ? t('browser', known) : t('unknownBrowser');
  const end = async () => {
    const isEnded = await act('end', async () => {
      const outcome = await endSession({ sessionId: session.id });
      return outcome.ok ? done(true) : outcome;
    });
    await client.invalidateQueries({ queryKey: ownSessions.queryKey });
    if (isEnded) notify(t('ended'));
  };
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1" title={session.userAgent ?? undefined}>
        {browser}
        {session.isThisOne && (
          <LabelChip tone="accent" className="ml-2">
            {t('thisOne')}
          </LabelChip>
        )}
        <span className="block truncate font-mono text-meta text-ink-3">
          {session.address ?? '–'}
        </span>
      </Td>
      <Td>
        <RelativeTime at={session.seenAt} />
      </Td>
      <Td>
        <AbsoluteTime at={session.endsAt} />
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2">
        {!session.isThisOne && (
          <Button
            size="small"
            pending={pending !== null}
            aria-label={t('endOf', { browser })}
            onClick={() => void end()}
          >
            {t('end')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}
