'use client';

import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { TrailEntry } from '#core/audit/trail.ts';
import { LineDifference } from '#components/jobs/part-difference.tsx';
import { AbsoluteTime } from '#components/time/absolute-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { FactList } from '#components/ui/section-head.tsx';
import type { ChangeAudit } from './audit-address.ts';
import { AuditRevisions, revisionsOf } from './audit-revisions.tsx';
import {
  type ChangedValue,
  changedValues,
  isInstant,
  readableName,
  textOf,
} from './changed-values.ts';

/** All that is kept of an entry: by whom, from where, and what was before and after. */
export function AuditDetails({ entry, change }: { entry: TrailEntry; change: ChangeAudit }) {
  const t = useTranslations('audit');
  const values = changedValues(entry.before, entry.after);
  const revisions = revisionsOf(entry);
  return (
    <div className="grid gap-x-10 gap-y-4 py-3 pr-2 pl-3 phone:pl-0 desk:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="min-w-0">
        {entry.reason !== '' && <p className="mb-2 text-body text-pretty">“{entry.reason}”</p>}
        {values.length === 0 && <p className="text-table text-ink-3">{t('details.nothing')}</p>}
        <dl>
          {values.map((value) => (
            <ValueLine key={value.name} value={value} />
          ))}
        </dl>
        {revisions && <AuditRevisions {...revisions} />}
      </div>
      <div className="min-w-0">
        <Facts entry={entry} />
        <div className="mt-2 flex flex-wrap gap-2">
          <Button size="small" onClick={() => change({ who: entry.actor })}>
            {t('details.onlyWho', { who: entry.actor })}
          </Button>
          <Button
            size="small"
            onClick={() => change(entry.job ? { job: entry.job.key } : { subject: entry.subject })}
          >
            {t('details.onlyAbout')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Facts({ entry }: { entry: TrailEntry }) {
  const t = useTranslations('audit.details');
  const format = useFormatter();
  const number = format.number(entry.id);
  return (
    <FactList
      facts={[
        { name: t('when'), value: <AbsoluteTime at={entry.at} form="full" /> },
        {
          name: t('by'),
          value: (
            <>
              {entry.actor}
              {entry.email && <span className="block text-ink-2">{entry.email}</span>}
              {entry.address && (
                <span className="block text-ink-2">{t('from', { address: entry.address })}</span>
              )}
            </>
          ),
        },
        { name: t('action'), value: <span className="font-mono">{entry.action}</span> },
        { name: t('about'), value: <span className="font-mono break-all">{entry.subject}</span> },
        {
          name: t('entry'),
          value:
            entry.seq === null
              ? t('unsealed', { entry: number })
              : t('sealed', { entry: number, seal: format.number(entry.seq) }),
        },
      ]}
    />
  );
}

function ValueLine({ value: { name, before, after, isSame } }: { value: ChangedValue }) {
  const isLong = [before, after].some(
    (side) => side !== undefined && textOf(side ?? '').includes('\n'),
  );
  return (
    <div className="grid grid-cols-[9rem_minmax(0,1fr)] gap-4 border-b border-line py-1.5 text-table last:border-b-0 phone:grid-cols-1 phone:gap-0">
      <dt className="break-words text-ink-3 first-letter:uppercase">{readableName(name)}</dt>
      <dd className="min-w-0 break-words">
        {isLong ? (
          <LineDifference before={textOf(before ?? '')} after={textOf(after ?? '')} />
        ) : isSame ? (
          <Value value={after} />
        ) : (
          <Change before={before} after={after} />
        )}
      </dd>
    </div>
  );
}

function Change({ before, after }: { before: unknown; after: unknown }) {
  const t = useTranslations('audit.details');
  return (
    <>
      {before !== undefined && (
        <del className="text-ink-3">
          <span className="sr-only">{t('was')} </span>
          <Value value={before} />
        </del>
      )}
      {before !== undefined && after !== undefined && (
        <span aria-hidden className="mx-2 text-ink-3">
          →
        </span>
      )}
      {after !== undefined && (
        <ins className="no-underline">
          <span className="sr-only">{t('is')} </span>
          <Value value={after} />
        </ins>
      )}
    </>
  );
}

function Value({ value }: { value: unknown }): ReactNode {
  const t = useTranslations('audit.details');
  const format = useFormatter();
  if (value === null || value === '') return <span className="text-ink-3">{t('none')}</span>;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'number') return format.number(value);
  if (isInstant(value)) return <AbsoluteTime at={value} />;
  if (typeof value === 'string') return value;
  return <span className="font-mono text-meta leading-5">{textOf(value)}</span>;
}
