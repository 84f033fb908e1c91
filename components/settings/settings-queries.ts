import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { InstallationView } from '#core/installation/read-installation.ts';
import type { OwnSecondFactor } from '#core/users/own-second-factor.ts';
import type { OwnSession } from '#core/users/own-sessions.ts';
import type { People, PersonView } from '#core/users/read-people.ts';

export const ownSessions = queryOptions({
  queryKey: ['user', 'own-sessions'] as const,
  queryFn: ({ signal }) => fetchJson<OwnSession[]>('/api/console/own-sessions', signal),
});

export const ownSecondFactor = queryOptions({
  queryKey: ['user', 'own-second-factor'] as const,
  queryFn: ({ signal }) => fetchJson<OwnSecondFactor>('/api/console/own-second-factor', signal),
});

export const people = queryOptions({
  queryKey: ['user', 'people'] as const,
  queryFn: ({ signal }) => fetchJson<People>('/api/console/people', signal),
});

export const personQuery = (userId: string) =>
  queryOptions({
    queryKey: ['user', 'person', userId] as const,
    queryFn: ({ signal }) =>
      fetchJson<PersonView>(`/api/console/person?id=${encodeURIComponent(userId)}`, signal),
  });

export const installationSettings = queryOptions({
  queryKey: ['installation', 'settings'] as const,
  queryFn: ({ signal }) => fetchJson<InstallationView>('/api/console/installation', signal),
  // The sample jobs are counted.
  meta: { topics: ['job'] },
});
