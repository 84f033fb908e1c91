import { dehydrate, HydrationBoundary, type QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { makeQueryClient } from './query-client.ts';

export type ServerQuery = {
  /** The key under which the client's hook looks for the same data. */
  queryKey: QueryKey;
  /** Reads it on the server, through the use-case. What it throws reaches the page's error boundary. */
  queryFn: () => Promise<unknown>;
};

/**
 * Reads data on the server, at once, and hands it to the `useQuery` with the same keys below it:
 * `<ServerQueries queries={[{ queryKey: ['run', id], queryFn: () => getRun(actor, id) }]}>`.
 */
export async function ServerQueries({
  queries,
  children,
}: {
  queries: readonly ServerQuery[];
  children: ReactNode;
}) {
  const client = makeQueryClient();
  await Promise.all(queries.map((query) => client.fetchQuery({ ...query, retry: false })));
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>;
}
