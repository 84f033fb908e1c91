import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { audit } from '../audit/audit.ts';
import { type Actor, authorize } from '../auth/permissions.ts';
import type { Sql } from '../db.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { dropMessagesOf, hurryMessagesOf, takeOutOfRule } from '../messages/messages.sql.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { inTransaction, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { ownKeys } from '../secrets/own-keys.ts';
import { NO_KEY } from '../secrets/vault.ts';
import { ChannelInput, type ChannelSecrets, type ChannelSettings, EditChannel } from './channel.ts';
import { ChannelKey } from './channel-key.ts';
import { openChannel, sealChannel } from './sealing.ts';
import { secretsOf, settingsOf } from './typed-channel.ts';

export type SavedChannel = { key: string; version: number };

/** Makes a channel. Its address and whatever else gives access is sealed, and shown to nobody from then on. */
export async function createChannel(
  actor: Actor,
  input: z.input<typeof ChannelInput>,
): Promise<Outcome<SavedChannel>> {
  authorize(actor, 'channel:write');
  const parsed = ChannelInput.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, description, settings: typed } = parsed.data;
  return inTransaction(async (tx, sql) => {
    if (await tx.channel.findUnique({ where: { key }, select: { key: true } })) {
      const message = `There is already a channel ${key}. Choose another name.`;
      return refuse('invalid', message, [{ path: ['key'], message }]);
    }
    const secrets = secretsOf(typed, null);
    if (!secrets.ok) return secrets;
    const sealed = sealedColumns(key, secrets.value);
    if (!sealed.ok) return sealed;
    const settings = settingsOf(typed, secrets.value);
    await tx.channel.create({
      data: {
        key,
        kind: settings.kind,
        description,
        settings,
        ...sealed.value,
        createdBy: actor.name,
      },
    });
    await audit(tx, actor, {
      action: 'channel.create',
      subject: `channel:${key}`,
      after: { description, ...settings, host: sealed.value.host },
    });
    await tellOfChannels(sql);
    return done({ key, version: 1 });
  });
}

/** Changes a channel; what is secret and left empty stays as it is. What waits for it is tried at once. */
export async function editChannel(
  actor: Actor,
  input: z.input<typeof EditChannel>,
): Promise<Outcome<SavedChannel>> {
  authorize(actor, 'channel:write');
  const parsed = EditChannel.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key, description, settings: typed, basedOnVersion } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await lockChannel(tx, sql, key);
    if (!before) return noSuchChannel(key);
    if (before.version !== basedOnVersion) return overtaken(key);
    if (before.kind !== typed.kind) {
      return refuse('conflict', 'A channel’s kind stays as it is. Make another channel instead.');
    }
    const known = openChannel(ownKeys(), key, before);
    const secrets = secretsOf(typed, known);
    if (!secrets.ok) return secrets;
    const sealed = sealedColumns(key, secrets.value);
    if (!sealed.ok) return sealed;
    const settings = settingsOf(typed, secrets.value);
    const was = { description: before.description, ...(before.settings as ChannelSettings) };
    const version = before.version + 1;
    await tx.channel.update({
      where: { key },
      data: { description, settings, version, ...sealed.value },
    });
    await hurryMessagesOf(sql, key);
    await audit(tx, actor, {
      action: 'channel.edit',
      subject: `channel:${key}`,
      before: { ...was, host: before.host },
      after: {
        description,
        ...settings,
        host: sealed.value.host,
        // Never what they are.
        secretsChanged: !isDeepStrictEqual(known, secrets.value),
      },
    });
    await tellOfChannels(sql);
    return done({ key, version });
  });
}

export const DeleteChannel = z.object({ key: ChannelKey });

/** Deletes a channel and its secrets. What waits for it isn't sent; jobs that named it alone tell as the installation does. */
export async function deleteChannel(
  actor: Actor,
  input: z.input<typeof DeleteChannel>,
): Promise<Outcome<{ key: string }>> {
  authorize(actor, 'channel:write');
  const parsed = DeleteChannel.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const before = await lockChannel(tx, sql, key);
    if (!before) return noSuchChannel(key);
    const dropped = await dropMessagesOf(sql, key);
    await tx.channel.delete({ where: { key } });
    await takeOutOfRule(sql, key);
    await audit(tx, actor, {
      action: 'channel.delete',
      subject: `channel:${key}`,
      before: {
        description: before.description,
        ...(before.settings as ChannelSettings),
        host: before.host,
      },
      after: { droppedMessages: dropped },
    });
    await announce(sql, 'channel');
    return done({ key });
  });
}

/** Sends a test through the channel, the way that every message goes: a worker does it, and its answer stands in its row. */
export async function testChannel(
  actor: Actor,
  input: z.input<typeof DeleteChannel>,
): Promise<Outcome<{ messageId: number }>> {
  authorize(actor, 'channel:write');
  const parsed = DeleteChannel.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { key } = parsed.data;
  return inTransaction(async (tx, sql) => {
    const channel = await tx.channel.findUnique({ where: { key }, select: { key: true } });
    if (!channel) return noSuchChannel(key);
    const { id } = await tx.message.create({
      data: { channel: key, event: 'test', madeBy: actor.name },
      select: { id: true },
    });
    await audit(tx, actor, {
      action: 'channel.test',
      subject: `channel:${key}`,
      after: { messageId: Number(id) },
    });
    await announce(sql, 'channel');
    await signalWorkers(sql, 'message');
    return done({ messageId: Number(id) });
  });
}

async function lockChannel(tx: Tx, sql: Sql, key: string) {
  await sql('SELECT key FROM channel WHERE key = $1::text FOR UPDATE', [key]);
  return tx.channel.findUnique({ where: { key } });
}

function sealedColumns(key: string, secrets: ChannelSecrets | null) {
  if (secrets === null) return done({ keyId: null, sealed: null, host: '' });
  const keys = ownKeys();
  if (keys.newest === null) return refuse('unavailable', NO_KEY);
  const { keyId, sealed } = sealChannel(keys, key, secrets);
  return done({
    keyId,
    sealed: Uint8Array.from(sealed!),
    host: new URL(secrets.url).host,
  });
}

async function tellOfChannels(sql: Sql): Promise<void> {
  await announce(sql, 'channel');
  await signalWorkers(sql, 'message');
}

function noSuchChannel(key: string): Refused {
  return refuse('not_found', `There is no channel ${key} any more. Look at the list again.`);
}

function overtaken(key: string): Refused {
  return refuse(
    'conflict',
    `Somebody else has changed ${key} meanwhile. Close this, look at what they saved, and change it again.`,
  );
}
