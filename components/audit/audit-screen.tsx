'use client';

import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { createSerializer } from 'nuqs/server';
import type { Trail, TrailEntry } from '#core/audit/trail.ts';
import { ListBody } from '#components/list/list-body.tsx';
import { ListNone } from '#components/list/list-none.tsx';
import { ListToolbarSkeleton } from '#components/list/list-toolbar.tsx';
import { NewRowsButton } from '#components/list/new-rows-button.tsx';
import { useHeldRows } from '#components/list/use-held-rows.ts';
import { addressHook } from '#components/shell/address-hook.ts';
import { Button } from '#components/ui/button.tsx';
import { Link } from '#components/ui/link.tsx';
import { Pager } from '#components/ui/pager.tsx';
import { RowsSkeleton, Skeleton } from '#components/ui/skeleton.tsx';
import {
  type AuditAddress,
  auditFilters,
  auditParsers,
  type ChangeAudit,
  isFiltered,
  NO_FILTERS,
} from './audit-address.ts';
import { auditList } from './audit-queries.ts';
import { AuditState, type VerifyAction } from './audit-state.tsx';
import { AuditTable } from './audit-table.tsx';
import { AuditToolbar } from './audit-toolbar.tsx';

const NO_ENTRIES: TrailEntry[] = [];
const useAuditAddress = addressHook(auditParsers, 'push');

/** Who changed what: entry by entry, and whether the trail is as it was written. */
export function AuditScreen({ verify }: { verify: VerifyAction }) {
  const t = useTranslations('audit');
  const [address, setAddress] = useAuditAddress();
  const list = useQuery(auditList(auditFilters(address), address.cursor));
  const change: ChangeAudit = (next) => setAddress({ ...next, cursor: null, entry: null });
  const entries = list.data?.entries ?? NO_ENTRIES;
  const { shown, waiting, show } = useHeldRows(entries, idOf, address.cursor === null);
  const format = useFormatter();
  const unfinished = ({ searchedTo, older }: Trail) =>
    searchedTo === null || older === null
      ? null
      : {
          title: t('none.soFar', { entry: format.number(searchedTo) }),
          way: (
            <Button asChild variant="primary">
              <Link href={addressOf({ ...address, entry: null, cursor: older })}>
                {t('none.searchOn')}
              </Link>
            </Button>
          ),
        };
  return (
    <>
      <AuditState verify={verify} />
      <AuditToolbar address={address} change={change} />
      <ListBody
        list={list}
        failed={t('failed')}
        loading={t('loading')}
        isEmpty={shown.length === 0}
        none={
          <ListNone
            of="audit.none"
            isFiltered={isFiltered(address)}
            unfinished={list.data ? unfinished(list.data) : null}
            onClear={() => change(NO_FILTERS)}
          />
        }
      >
        <AuditTable
          entries={shown}
          address={address}
          change={change}
          onOpen={(entry) => setAddress({ entry }, 'replace')}
        />
      </ListBody>
      {list.data && <Foot list={list.data} address={address} />}
      {waiting > 0 && <NewRowsButton count={waiting} onShow={show} />}
    </>
  );
}

const idOf = (entry: TrailEntry) => String(entry.id);

const serialize = createSerializer(auditParsers);
const addressOf = (address: AuditAddress) => `/settings/audit${serialize(address)}`;

function Foot({ list, address }: { list: Trail; address: AuditAddress }) {
  const t = useTranslations('audit');
  const format = useFormatter();
  if (list.newer === null && list.older === null) return null;
  const href = (cursor: string | null) =>
    cursor === null ? null : addressOf({ ...address, entry: null, cursor });
  return (
    <Pager newerHref={href(list.newer)} olderHref={href(list.older)}>
      {list.searchedTo !== null && t('searchedTo', { entry: format.number(list.searchedTo) })}
    </Pager>
  );
}

/** The page in its sizes while the first entries are on their way. */
export function AuditSkeleton() {
  const t = useTranslations('audit');
  return (
    <>
      <Skeleton className="mt-6 h-4 w-[min(34rem,80vw)]" />
      <ListToolbarSkeleton />
      <RowsSkeleton rows={12} label={t('loading')} />
    </>
  );
}
