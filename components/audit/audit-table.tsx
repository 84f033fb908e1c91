'use client';

import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { Fragment } from 'react';
import type { TrailEntry } from '#core/audit/trail.ts';
import { useRowKeys } from '#components/shell/use-row-keys.ts';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { cn } from '#components/ui/cn.ts';
import { Table, TableBody, TableHead, Td, Th, Tr } from '#components/ui/table.tsx';
import { AuditSubject } from './audit-subject.tsx';
import type { AuditAddress, ChangeAudit } from './audit-address.ts';
import { useDidWords } from './did-words.ts';

// Comes when an entry is unfolded.
const AuditDetails = dynamic(
  () => import('./audit-details.tsx').then((file) => file.AuditDetails),
  { ssr: false },
);

/** The entries with their keys: j k move, enter unfolds. */
export function AuditTable({
  entries,
  address,
  onOpen,
  change,
}: {
  entries: readonly TrailEntry[];
  address: AuditAddress;
  onOpen: (id: number | null) => void;
  change: ChangeAudit;
}) {
  const t = useTranslations('audit');
  const toggle = (id: number) => onOpen(address.entry === id ? null : id);
  const { rowProps } = useRowKeys(
    entries.map(({ id }) => id),
    { onOpen: toggle },
  );
  return (
    <Table aria-label={t('title')} className="mt-1">
      <TableHead>
        <Th sort="descending" className="w-42 max-[80rem]:w-32">
          {t('column.when')}
        </Th>
        <Th className="w-40 max-[80rem]:w-28">{t('column.who')}</Th>
        <Th>{t('column.what')}</Th>
        <Th className="w-[34%] max-[80rem]:w-[28%]">{t('column.reason')}</Th>
      </TableHead>
      <TableBody>
        {entries.map((entry) => (
          <Fragment key={entry.id}>
            <EntryRow
              entry={entry}
              isOpen={address.entry === entry.id}
              onToggle={() => toggle(entry.id)}
              row={rowProps(entry.id)}
            />
            {address.entry === entry.id && (
              <tr role="row" className="border-b border-line phone:block">
                <td role="cell" colSpan={4} id={`entry-${entry.id}`} className="phone:block">
                  <AuditDetails entry={entry} change={change} />
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      </TableBody>
    </Table>
  );
}

function EntryRow({
  entry,
  isOpen,
  onToggle,
  row,
}: {
  entry: TrailEntry;
  isOpen: boolean;
  onToggle: () => void;
  row: { 'data-row': string; isCursor: boolean };
}) {
  const t = useTranslations('audit');
  const did = useDidWords()(entry.action);
  return (
    <Tr
      {...row}
      className={cn('relative phone:grid-cols-[minmax(0,1fr)_auto]', isOpen && 'bg-hover')}
    >
      <Td phone="first-end" className="phone:col-start-2 phone:text-meta phone:text-ink-3">
        <AbsoluteTime at={entry.at} />
      </Td>
      <Td phone="second" className="phone:col-span-2 phone:col-start-1">
        <span title={entry.actor}>{entry.actor}</span>
        {entry.reason !== '' && <span className="text-ink-3 desk:hidden"> “{entry.reason}”</span>}
      </Td>
      <Td phone="first" className="phone:col-start-1">
        {/* What it is about gives way before what was done. */}
        <span className="flex min-w-0 gap-[0.5ch] phone:flex-wrap">
          <button
            type="button"
            data-row-link
            aria-expanded={isOpen}
            aria-controls={`entry-${entry.id}`}
            onClick={onToggle}
            className="min-w-0 shrink-[0.1] truncate text-left after:absolute after:inset-0 focus-visible:-outline-offset-2"
          >
            <span className="sr-only">{t('details.open', { entry: entry.id })}: </span>
            {did ?? <span className="font-mono">{entry.action}</span>}
          </button>{' '}
          <AuditSubject entry={entry} className="max-w-full min-w-0 text-ink" />
        </span>
      </Td>
      <Td className="text-ink-2" title={entry.reason || undefined}>
        {entry.reason !== '' && `“${entry.reason}”`}
      </Td>
    </Tr>
  );
}
