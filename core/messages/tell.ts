import type { Sql } from '../db.ts';
import { announce } from '../events/events.ts';
import { type Owed, owedOf } from './owed.ts';
import { JobMessages, MessageRule, ruleFor } from './rule.ts';
import {
  type IncidentToTell,
  lockIncidentsToTell,
  makeMessages,
  type NewMessage,
  readTellingRules,
  recordTold,
} from './tell.sql.ts';

/**
 * Makes the messages that incidents owe, in the open transaction, which notes them as told: however many workers look and
 * whatever dies in between, each is made once.
 * @returns how many incidents were looked at, and how many messages were made
 */
export async function tellIncidents(
  sql: Sql,
  limit: number,
): Promise<{ looked: number; made: number }> {
  const incidents = await lockIncidentsToTell(sql, limit);
  if (incidents.length === 0) return { looked: 0, made: 0 };
  const { saved, channels } = await readTellingRules(sql);
  const usual = MessageRule.parse(saved);
  const known = new Set(channels);
  const [clock] = await sql<{ now: Date }>('SELECT clock_timestamp() AS now');
  const looked = incidents.map((incident) => {
    const rule = incident.isJobDeleted ? null : ruleFor(savedMessages(incident), usual, known);
    const owed = owedOf(incident, rule, clock!.now);
    return { incident, owed, channels: rule?.channels ?? [] };
  });
  const messages = looked.flatMap(({ incident, owed, channels: chosen }) =>
    messagesOf(incident, owed, chosen, known),
  );
  await makeMessages(sql, messages);
  await recordTold(
    sql,
    looked.map(({ incident, owed: { events: _, ...told } }) => ({ id: incident.id, ...told })),
  );
  if (messages.length > 0) await announce(sql, 'channel');
  return { looked: incidents.length, made: messages.length };
}

// What a later version saved of messages may not be readable: then the job counts as one that says nothing of them.
function savedMessages({ saved }: IncidentToTell): JobMessages {
  return JobMessages.safeParse(saved ?? {}).data ?? JobMessages.parse({});
}

/** Whoever was told of the beginning is told of what follows, as long as the channel is there. */
function messagesOf(
  { id, toldChannels }: IncidentToTell,
  { events }: Owed,
  chosen: readonly string[],
  known: ReadonlySet<string>,
): NewMessage[] {
  const isNew = events.some(({ event }) => event === 'opened');
  const told = isNew ? chosen : toldChannels.filter((channel) => known.has(channel));
  return events.flatMap(({ event, number }) =>
    told.map((channel) => ({ incidentId: id, channel, event, number })),
  );
}
