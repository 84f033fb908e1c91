'use client';

import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import { CalendarsHead } from '#components/calendars/calendars-head.tsx';
import { useNewButton } from '#components/list/new-button.tsx';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { SectionHead } from '#components/ui/section-head.tsx';
import { Table, TableBody, TableHead, Th } from '#components/ui/table.tsx';
import type { BlackoutListActions } from './blackout-actions.ts';
import type { BlackoutAsked } from './blackout-dialog.tsx';
import { blackoutList } from './blackout-queries.ts';
import { BlackoutRow } from './blackout-row.tsx';

const BlackoutDialog = dynamic(
  () => import('./blackout-dialog.tsx').then((file) => file.BlackoutDialog),
  { ssr: false },
);

const PARTS = ['now', 'next', 'past'] as const;
type Part = (typeof PARTS)[number];

/** All windows in which ticks don't fire: those that are on, those to come, those that are over. */
export function BlackoutList({
  mayWrite,
  actions,
}: {
  mayWrite: boolean;
  actions: BlackoutListActions;
}) {
  const t = useTranslations('blackouts');
  const { data: blackouts } = useSuspenseQuery(blackoutList);
  const [asked, setAsked] = useState<BlackoutAsked | null>(null);
  const router = useRouter();
  const who = useTranslations('whoMay');
  const newButton = useNewButton({
    href: '/calendars/blackouts/new',
    label: t('new'),
    refusal: mayWrite ? undefined : who('blackout:write'),
  });
  const open = (id: string) => router.push(`/calendars/blackouts/${id}`);
  const { rowProps } = useRowKeys(
    blackouts.map(({ id }) => String(id)),
    mayWrite ? { onOpen: open, onEdit: open } : {},
  );
  if (blackouts.length === 0) {
    return (
      <>
        <CalendarsHead sentence={t('sentenceNone')} />
        <EmptyState title={t('emptyTitle')} actions={newButton}>
          {t('emptyMeaning')}
        </EmptyState>
      </>
    );
  }
  const byPart = Map.groupBy(blackouts, partOf);
  return (
    <>
      <CalendarsHead
        sentence={t('sentence', {
          now: byPart.get('now')?.length ?? 0,
          next: byPart.get('next')?.length ?? 0,
        })}
        actions={newButton}
      />
      {PARTS.map((part) => {
        const rows = byPart.get(part);
        if (!rows) return null;
        return (
          <section key={part} aria-label={t(`part.${part}`)} className="mt-6 first-of-type:mt-4">
            <SectionHead title={t(`part.${part}`)} note={rows.length} className="mb-1" />
            <Table>
              <colgroup className="phone:hidden">
                <col className="w-64 max-[80rem]:w-42" />
                <col />
                <col className="w-56 max-[80rem]:w-32" />
                <col className="w-16 max-[80rem]:w-12" />
                <col className="w-60 max-[80rem]:w-36" />
                <col className="w-28" />
              </colgroup>
              <TableHead>
                <Th>{t('name')}</Th>
                <Th>{t('when')}</Th>
                <Th>{t('hits')}</Th>
                <Th numeric>{t('jobs')}</Th>
                <Th>{t(`status.${part}`)}</Th>
                <Th>
                  <span className="sr-only">{t('acts')}</span>
                </Th>
              </TableHead>
              <TableBody>
                {rows.map((blackout) => (
                  <BlackoutRow
                    key={blackout.id}
                    blackout={blackout}
                    part={part}
                    row={rowProps(String(blackout.id))}
                    mayWrite={mayWrite}
                    onAsk={setAsked}
                  />
                ))}
              </TableBody>
            </Table>
          </section>
        );
      })}
      {asked && <BlackoutDialog asked={asked} actions={actions} onClose={() => setAsked(null)} />}
    </>
  );
}

function partOf({ now, next, ended }: BlackoutSummary): Part {
  return now ? 'now' : next || ended ? 'next' : 'past';
}
