import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { Trail, TrailChoices } from '#core/audit/trail.ts';
import type { TrailState } from '#core/audit/verify.ts';
import { type AuditFilters, ENTRIES_ON_PAGE, searchOf } from './audit-address.ts';

/** A page of the trail. */
export const auditList = (filters: AuditFilters, cursor: string | null) =>
  queryOptions({
    queryKey: ['audit', 'list', filters, cursor] as const,
    queryFn: ({ signal }) =>
      fetchJson<Trail>(
        `/api/console/audit?${searchOf({ ...filters, cursor, limit: ENTRIES_ON_PAGE })}`,
        signal,
      ),
    meta: { restMs: 1_000 },
    placeholderData: keepPreviousData,
  });

/** How far it is sealed, and when that was looked at. */
export const auditState = queryOptions({
  queryKey: ['audit', 'state'] as const,
  queryFn: ({ signal }) => fetchJson<TrailState>('/api/console/audit-state', signal),
  meta: { restMs: 1_000 },
});

/** Whom and what one can choose. */
export const auditChoices = queryOptions({
  queryKey: ['audit-choices'] as const,
  queryFn: ({ signal }) => fetchJson<TrailChoices>('/api/console/audit-choices', signal),
  staleTime: 30_000,
});
