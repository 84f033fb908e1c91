'use client';

import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import dynamic from 'next/dynamic';
import { ListSearch } from '#components/list/list-search.tsx';
import { useTimeFilterWords } from '#components/runs/run-time-choice.tsx';
import { Button, IconButton } from '#components/ui/button.tsx';
import { FilterChip, Toolbar } from '#components/ui/filter-chip.tsx';
import { LaterMenu } from '#components/ui/later-menu.tsx';
import {
  type AuditAddress,
  auditFilters,
  type ChangeAudit,
  isFiltered,
  NO_FILTERS,
} from './audit-address.ts';
import { useDidWords } from './did-words.ts';

const AuditChoice = dynamic(() => import('./audit-choice.tsx').then((file) => file.AuditChoice), {
  ssr: false,
});
const JobChoice = dynamic(
  () => import('#components/runs/run-list-choices.tsx').then((file) => file.JobChoice),
  { ssr: false },
);
const TimeChoice = dynamic(
  () => import('#components/runs/run-time-choice.tsx').then((file) => file.RunTimeChoice),
  { ssr: false },
);
const ExportMenu = dynamic(
  () => import('./audit-export-menu.tsx').then((file) => file.AuditExportMenu),
  { ssr: false },
);

/** Search and filters, all in the address, and the export of what they leave. */
export function AuditToolbar({ address, change }: { address: AuditAddress; change: ChangeAudit }) {
  const t = useTranslations('audit');
  const common = useTranslations('common');
  const did = useDidWords();
  const timeWords = useTimeFilterWords(address);
  return (
    <Toolbar
      end={
        <>
          {isFiltered(address) && (
            <Button variant="quiet" size="small" onClick={() => change(NO_FILTERS)}>
              {common('clear')}
            </Button>
          )}
          <LaterMenu
            button={
              <IconButton size="small" label={t('export.title')}>
                <Download aria-hidden />
              </IconButton>
            }
          >
            {(state) => <ExportMenu {...state} filters={auditFilters(address)} />}
          </LaterMenu>
        </>
      }
    >
      <ListSearch
        label={t('find')}
        text={address.text}
        onText={(text) => change({ text })}
        pauseMs={300}
      />
      <FilterChip label={t('filter.who')} value={address.who} onClear={() => change({ who: null })}>
        {(close) => (
          <AuditChoice
            of="actors"
            chosen={address.who}
            onChoose={(who) => {
              change({ who });
              close();
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        label={t('filter.action')}
        value={address.action && (did(address.action) ?? address.action)}
        onClear={() => change({ action: null })}
      >
        {(close) => (
          <AuditChoice
            of="actions"
            chosen={address.action}
            onChoose={(action) => {
              change({ action });
              close();
            }}
          />
        )}
      </FilterChip>
      <FilterChip
        label={t('filter.job')}
        value={address.job && <span className="font-mono">{address.job}</span>}
        onClear={() => change({ job: null })}
      >
        {(close) => <JobChoice address={address} change={change} onDone={close} />}
      </FilterChip>
      <FilterChip
        label={t('filter.time')}
        value={timeWords}
        onClear={() => change({ from: null, to: null })}
      >
        {(close) => <TimeChoice address={address} change={change} onDone={close} />}
      </FilterChip>
      {address.subject !== null && (
        <FilterChip
          label={t('filter.subject')}
          value={<span className="font-mono">{address.subject}</span>}
          onClear={() => change({ subject: null })}
        >
          <p className="max-w-64 text-table text-ink-2">{t('filter.subjectHint')}</p>
        </FilterChip>
      )}
    </Toolbar>
  );
}
