import { queryOptions } from '@tanstack/react-query';
import { fetchJson } from '#components/shell/fetch-json.ts';
import type {
  ChannelsView,
  MessageView,
  readChannelChoices,
  readChannelUses,
} from '#core/channels/read-channels.ts';
import type { OpenIncident } from '#core/incidents/read-incident.ts';

export const channelsQuery = queryOptions({
  queryKey: ['channel', 'list'] as const,
  queryFn: ({ signal }) => fetchJson<ChannelsView>('/api/console/channels', signal),
});

export type MessageFilter = { channel: string | null; onlyUndelivered: boolean };

export const messagesQuery = ({ channel, onlyUndelivered }: MessageFilter, before: number | null) =>
  queryOptions({
    queryKey: ['channel', 'messages', channel, onlyUndelivered, before] as const,
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        ...(channel !== null && { channel }),
        ...(onlyUndelivered && { undelivered: 'yes' }),
        ...(before !== null && { before: String(before) }),
      });
      return fetchJson<{ messages: MessageView[]; hasOlder: boolean }>(
        `/api/console/messages?${query.toString()}`,
        signal,
      );
    },
  });

/** One message, looked at until it has ended: somebody waits for it. */
export const messageQuery = (id: number) =>
  queryOptions({
    queryKey: ['channel', 'message', id] as const,
    queryFn: ({ signal }) => fetchJson<MessageView>(`/api/console/message?id=${id}`, signal),
    refetchInterval: ({ state }) => (state.data?.endedAt ? false : 1_000),
  });

export const channelUsesQuery = (key: string) =>
  queryOptions({
    queryKey: ['channel', 'uses', key] as const,
    queryFn: ({ signal }) =>
      fetchJson<Awaited<ReturnType<typeof readChannelUses>>>(
        `/api/console/channel-uses?key=${key}`,
        signal,
      ),
  });

export const channelChoicesQuery = queryOptions({
  queryKey: ['channel', 'choices'] as const,
  queryFn: ({ signal }) =>
    fetchJson<Awaited<ReturnType<typeof readChannelChoices>>>(
      '/api/console/channel-choices',
      signal,
    ),
});

export const undeliveredQuery = queryOptions({
  queryKey: ['channel', 'undelivered'] as const,
  queryFn: ({ signal }) =>
    fetchJson<{ messages: number; channels: string[] }>('/api/console/undelivered', signal),
});

export const jobIncidentQuery = (id: number) =>
  queryOptions({
    queryKey: ['job', id, 'incident'] as const,
    queryFn: ({ signal }) =>
      fetchJson<OpenIncident | null>(`/api/console/job-incident?jobId=${id}`, signal),
    meta: { topics: ['run', 'channel'], restMs: 2_000 },
  });
