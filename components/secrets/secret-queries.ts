import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { Secrets } from '#core/secrets/read-secrets.ts';

export const secretList = queryOptions({
  queryKey: ['installation', 'secrets'] as const,
  queryFn: ({ signal }) => fetchJson<Secrets>('/api/console/secrets', signal),
  // Each says which jobs use it.
  meta: { topics: ['job'] },
});
