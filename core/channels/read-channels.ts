import { z } from 'zod';
import { type Actor, authorize, may } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { environment } from '../environment.ts';
import type { MessageEvent } from '../messages/content.ts';
import {
  type MessageRowOfList,
  readChannelRows,
  readJobsThatName,
  readMessageRow,
  readMessages,
  readUndelivered,
} from '../messages/messages.sql.ts';
import { MessageRule } from '../messages/rule.ts';
import type { MessageAnswer } from '../messages/send.sql.ts';
import { readTellingRules } from '../messages/tell.sql.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { ownKeys } from '../secrets/own-keys.ts';
import { ChannelKey } from './channel-key.ts';
import type { ChannelKind } from './channel-kinds.ts';
import type { ChannelSettings } from './channel.ts';

/** A channel as the console shows it. Its address and its other secrets are shown to nobody. */
export type ChannelView = {
  key: string;
  kind: ChannelKind;
  description: string;
  /** Of the address, its host; of mail, how many it goes to. */
  host: string;
  recipients: number;
  version: number;
  /** The latest try. */
  last: { isSent: boolean; isTest: boolean; at: string; cause: string } | null;
  /** Of the last day: messages that were given up or tried in vain so far. */
  undelivered: number;
  /** Jobs that name it. */
  jobs: number;
  /** The installation tells it of every job that says nothing else. */
  isDefault: boolean;
  /** For who may change it. */
  settings: ChannelSettings | null;
};

export type ChannelsView = {
  channels: ChannelView[];
  rule: MessageRule;
  /** Mail can go out, and addresses can be sealed. */
  hasMailServer: boolean;
  hasKey: boolean;
};

export async function readChannels(actor: Actor): Promise<ChannelsView> {
  authorize(actor, 'channel:read');
  const sql = sqlOf(webPool());
  const rule = MessageRule.parse((await readTellingRules(sql)).saved);
  const mayWrite = may(actor, 'channel:write');
  const rows = await readChannelRows(sql);
  return {
    channels: rows.map(({ settings, last, kind, ...row }) => {
      const open = settings as ChannelSettings;
      return {
        ...row,
        kind: kind as ChannelKind,
        recipients: open.kind === 'email' ? open.to.length : 0,
        last: last && {
          isSent: last.state === 'sent',
          isTest: last.event === 'test',
          at: new Date(last.atMs).toISOString(),
          cause: mayWrite ? last.cause : '',
        },
        isDefault: rule.channels.includes(row.key),
        settings: mayWrite ? open : null,
      };
    }),
    rule,
    hasMailServer: environment().PUNCTUAL_SMTP_URL !== undefined,
    hasKey: ownKeys().newest !== null,
  };
}

/** For the choice in a job's editor. */
export async function readChannelChoices(
  actor: Actor,
): Promise<{ channels: { key: string; kind: string; description: string }[]; rule: MessageRule }> {
  authorize(actor, 'channel:read');
  const sql = sqlOf(webPool());
  const rule = MessageRule.parse((await readTellingRules(sql)).saved);
  const channels = await sql<{ key: string; kind: string; description: string }>(
    'SELECT key, kind, description FROM channel ORDER BY key',
  );
  return { channels, rule };
}

/** A message, and what came of it. */
export type MessageView = {
  id: number;
  channel: string;
  event: MessageEvent;
  state: MessageRowOfList['state'];
  madeAt: string;
  madeBy: string;
  /** When it is tried next. */
  dueAt: string;
  endedAt: string | null;
  attempts: number;
  title: string | null;
  answer: MessageAnswer | null;
  jobKey: string | null;
  /** The message that says it together with others. */
  saidIn: number | null;
};

export const MessagesQuery = z.object({
  channel: ChannelKey.optional(),
  undelivered: z.literal('yes').optional(),
  before: z.coerce.number().int().positive().optional(),
});

export const MESSAGES_A_PAGE = 30;

/** What was said through channels, newest first. It is about all jobs: for whoever looks after channels. */
export async function listMessages(
  actor: Actor,
  { channel, undelivered, before }: z.output<typeof MessagesQuery>,
): Promise<{ messages: MessageView[]; hasOlder: boolean }> {
  authorize(actor, 'channel:write');
  const rows = await readMessages(sqlOf(webPool()), {
    channel: channel ?? null,
    undelivered: undelivered === 'yes',
    before: before ?? null,
    limit: MESSAGES_A_PAGE + 1,
  });
  return {
    messages: rows.slice(0, MESSAGES_A_PAGE).map(viewOf),
    hasOlder: rows.length > MESSAGES_A_PAGE,
  };
}

export async function readMessage(actor: Actor, id: number): Promise<Outcome<MessageView>> {
  authorize(actor, 'channel:write');
  const row = await readMessageRow(sqlOf(webPool()), id);
  return row ? done(viewOf(row)) : refuse('not_found', `There is no message ${id} any more.`);
}

/** How many messages of the last day didn't arrive. */
export async function readUndeliveredMessages(
  actor: Actor,
): Promise<{ messages: number; channels: string[] }> {
  authorize(actor, 'channel:read');
  return readUndelivered(sqlOf(webPool()));
}

const MOST_NAMED = 50;

/** Who is hit where a channel is deleted: jobs that name it, and whether they name others beside it. */
export async function readChannelUses(
  actor: Actor,
  key: string,
): Promise<{ jobs: { key: string; others: number }[]; isMore: boolean }> {
  authorize(actor, 'channel:write');
  const rows = await readJobsThatName(sqlOf(webPool()), key, MOST_NAMED + 1);
  return { jobs: rows.slice(0, MOST_NAMED), isMore: rows.length > MOST_NAMED };
}

function viewOf({ madeAtMs, dueAtMs, endedAtMs, ...row }: MessageRowOfList): MessageView {
  return {
    ...row,
    madeAt: new Date(madeAtMs).toISOString(),
    dueAt: new Date(dueAtMs).toISOString(),
    endedAt: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
  };
}
