import { ChannelsScreen } from '#components/channels/channels-screen.tsx';
import { channelsQuery } from '#components/channels/channel-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { readChannels } from '#core/channels/read-channels.ts';
import { requireActor } from '../../../session.ts';
import {
  changeMessageRule,
  createChannel,
  deleteChannel,
  editChannel,
  sendMessageAgain,
  testChannel,
} from './actions.ts';

const actions = {
  changeMessageRule,
  createChannel,
  deleteChannel,
  editChannel,
  sendMessageAgain,
  testChannel,
};

export default async function ChannelsPage() {
  const actor = await requireActor('/settings/channels');
  return (
    <ServerQueries
      queries={[{ queryKey: channelsQuery.queryKey, queryFn: () => readChannels(actor) }]}
    >
      <ChannelsScreen mayWrite={may(actor, 'channel:write')} actions={actions} />
    </ServerQueries>
  );
}
