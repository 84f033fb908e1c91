'use server';

import { z } from 'zod';
import { ChannelInput, EditChannel } from '#core/channels/channel.ts';
import * as channels from '#core/channels/channels.ts';
import * as messages from '#core/messages/change-rule.ts';
import { MessageRule } from '#core/messages/rule.ts';
import { defineAction } from '../../../actions/define-action.ts';

export const createChannel = defineAction(ChannelInput, (input, actor) =>
  channels.createChannel(actor, input),
);

export const editChannel = defineAction(EditChannel, (input, actor) =>
  channels.editChannel(actor, input),
);

export const deleteChannel = defineAction(channels.DeleteChannel, (input, actor) =>
  channels.deleteChannel(actor, input),
);

export const testChannel = defineAction(channels.DeleteChannel, (input, actor) =>
  channels.testChannel(actor, input),
);

export const changeMessageRule = defineAction(MessageRule, (input, actor) =>
  messages.changeMessageRule(actor, input),
);

export const sendMessageAgain = defineAction(z.int().positive(), (id, actor) =>
  messages.sendMessageAgain(actor, id),
);
