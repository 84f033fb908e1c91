import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type { InstallationView } from '#core/installation/read-installation.ts';
import type { InvitationView } from '#core/users/invitations.ts';
import type { OwnSecondFactor } from '#core/users/own-second-factor.ts';
import type { OwnSession } from '#core/users/own-sessions.ts';
import type { UserView } from '#core/users/users.ts';

export const ownSessions = queryOptions({
  queryKey: ['user', 'own-sessions'] as const,
  queryFn: ({ signal }) => fetchJson<OwnSession[]>('/api/console/own-sessions', signal),
});

export const ownSecondFactor = queryOptions({
  queryKey: ['user', 'own-second-factor'] as const,
  queryFn: ({ signal }) => fetchJson<OwnSecondFactor>('/api/console/own-second-factor', signal),
});

export type People = { users: UserView[]; invitations: InvitationView[] };

export const people = queryOptions({
  queryKey: ['user', 'people'] as const,
  queryFn: ({ signal }) => fetchJson<People>('/api/console/people', signal),
});

export const installationSettings = queryOptions({
  queryKey: ['installation', 'settings'] as const,
  queryFn: ({ signal }) => fetchJson<InstallationView>('/api/console/installation', signal),
  // The sample jobs are counted.
  meta: { topics: ['job'] },
});
