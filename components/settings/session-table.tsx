'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useAct } from '#components/shell/use-act.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import type { Outcome } from '#core/outcome.ts';
import { browserOf } from './browser-words.ts';

type Shown = {
  id: string;
  address: string | null;
  userAgent: string | null;
  seenAt: string;
  endsAt: string;
};

type SessionActs<Session, Ended> = {
  /** Stands behind the browser's name. */
  markOf?: (session: Session) => ReactNode;
  /** Stands below its address. */
  noteOf?: (session: Session) => ReactNode;
  mayEnd?: (session: Session) => boolean;
  end: (session: Session) => Promise<Outcome<Ended>>;
  /** Null: it was refused, which has been said. */
  onAnswer: (ended: Ended | null) => Promise<void>;
};

/** Sessions, one a row: from where, when it was used, and the button that ends it. */
export function SessionTable<Session extends Shown, Ended>({
  sessions,
  ...acts
}: SessionActs<Session, Ended> & { sessions: readonly Session[] }) {
  const t = useTranslations('settings.sessions');
  return (
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
          <SessionRow key={session.id} session={session} {...acts} />
        ))}
      </TableBody>
    </Table>
  );
}

function SessionRow<Session extends Shown, Ended>({
  session,
  markOf,
  noteOf,
  mayEnd = () => true,
  end,
  onAnswer,
}: SessionActs<Session, Ended> & { session: Session }) {
  const t = useTranslations('settings.sessions');
  const { act, pending } = useAct<'end'>();
  const known = browserOf(session.userAgent);
  const browser = known ? t('browser', known) : t('unknownBrowser');
  const press = async () => onAnswer(await act('end', () => end(session)));
  return (
    <Tr className="h-12 phone:grid-cols-[minmax(0,1fr)_auto]">
      <Td phone="first" className="phone:col-start-1" title={session.userAgent ?? undefined}>
        {browser}
        {markOf?.(session)}
        <span className="block truncate font-mono text-meta text-ink-3">
          {session.address ?? '–'}
        </span>
        {noteOf?.(session)}
      </Td>
      <Td>
        <RelativeTime at={session.seenAt} />
      </Td>
      <Td>
        <AbsoluteTime at={session.endsAt} />
      </Td>
      <Td phone="first-end" className="py-0 text-right phone:col-start-2">
        {mayEnd(session) && (
          <Button
            size="small"
            pending={pending !== null}
            aria-label={t('endOf', { browser })}
            onClick={() => void press()}
          >
            {t('end')}
          </Button>
        )}
      </Td>
    </Tr>
  );
}
