'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { notify } from '#components/ui/toast.tsx';
import type { PersonView, SessionView } from '#core/users/read-people.ts';
import { browserOf } from './browser-words.ts';
import type { PeopleActions } from './settings-actions.ts';

type Props = { user: PersonView; endSessions: PeopleActions['endSessions'] };

/** Where somebody is signed in; an admin ends what they don't know. */
export function PersonSessions({ user, endSessions }: Props) {
  const t = useTranslations('person');
  const { end, isPending } = useEnd(user.id, endSessions);
  if (user.sessions.length === 0) return <p className="text-table text-ink-2">{t('none')}</p>;
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
          <Th>{t('lastUsed')}</Th>
          <Th>{t('ends')}</Th>
          <Th>
            <span className="sr-only">{t('end')}</span>
          </Th>
        </TableHead>
        <TableBody>
          {user.sessions.map((session) => (
            <SessionRow key={session.id} session={session} user={user} endSessions={endSessions} />
          ))}
        </TableBody>
      </Table>
      <Button className="mt-4" pending={isPending} onClick={() => void end(null)}>
        {t('endAll')}
      </Button>
    </>
  );
}

function SessionRow({ session, user, endSessions }: Props & { session: SessionView }) {
  const t = useTranslations('person');
  const words = useTranslations('settings.sessions');
  const { end, isPending } = useEnd(user.id, endSessions);
  const known = browserOf(session.userAgent);
  const browser = known ? words('browser', known) : words('unknownBrowser');
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1" title={session.userAgent ?? undefined}>
        {browser}
        <span className="block truncate font-mono text-meta text-ink-3">
          {session.address ?? '–'}
        </span>
        {session.begunWith === 'provider' && (
          <span className="block truncate text-meta text-ink-3">
            {t('byProvider', { provider: user.provider ?? '' })}
          </span>
        )}
      </Td>
      <Td>
        <RelativeTime at={session.seenAt} />
      </Td>
      <Td>
        <AbsoluteTime at={session.endsAt} />
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2">
        <Button
          size="small"
          pending={isPending}
          aria-label={t('endOf', { browser })}
          onClick={() => void end(session.id)}
        >
          {t('end')}
        </Button>
      </Td>
    </Tr>
  );
}

function useEnd(userId: string, endSessions: PeopleActions['endSessions']) {
  const t = useTranslations('person');
  const client = useQueryClient();
  const { act, pending } = useAct<'end'>();
  const end = async (sessionId: string | null) => {
    const answer = await act('end', () => endSessions({ userId, sessionId }));
    await client.invalidateQueries({ queryKey: ['user'] });
    if (answer) notify(t('ended', { count: answer.ended }));
  };
  return { end, isPending: pending !== null };
}
