import type { Sql } from '../db.ts';
import type { MessageEvent } from './content.ts';
import type { MessageAnswer } from './send.sql.ts';

/** What waits for a channel that was changed may be right now: it is tried at once, and its tries count anew. */
export async function hurryMessagesOf(sql: Sql, channel: string): Promise<void> {
  await sql(
    `UPDATE message SET due_at = now(), attempts = 0 WHERE channel = $1::text AND state = 'waiting'`,
    [channel],
  );
}

/** Nothing more goes out through a channel that is deleted. What is on its way may still arrive. */
export async function dropMessagesOf(sql: Sql, channel: string): Promise<number> {
  const rows = await sql(
    `UPDATE message SET state = 'dropped', claimed_until = NULL, ended_at = now()
      WHERE channel = $1::text AND state IN ('waiting', 'sending') RETURNING id`,
    [channel],
  );
  return rows.length;
}

/** What was to be said when a backup was taken is old news when it is put back. */
export async function forgetWaitingMessages(sql: Sql): Promise<void> {
  await sql(
    `UPDATE message SET state = 'dropped', claimed_until = NULL, ended_at = now() WHERE state IN ('waiting', 'sending')`,
  );
  await sql('UPDATE incident SET tell_at = NULL WHERE tell_at IS NOT NULL');
}

/** The installation tells a channel no more. */
export async function takeOutOfRule(sql: Sql, channel: string): Promise<void> {
  await sql(
    `UPDATE installation
        SET message_rule = jsonb_set(message_rule, '{channels}', (message_rule -> 'channels') - $1::text)
      WHERE message_rule -> 'channels' ? $1::text`,
    [channel],
  );
}

/** A message that wasn't delivered is tried once more; its tries count anew. False: there is none such. */
export async function tryMessageAgain(sql: Sql, id: number): Promise<{ channel: string } | null> {
  const [row] = await sql<{ channel: string }>(
    `UPDATE message m SET state = 'waiting', ended_at = NULL, due_at = now(), attempts = 0
      WHERE id = $1::bigint AND state = 'failed' AND EXISTS (SELECT 1 FROM channel c WHERE c.key = m.channel)
     RETURNING channel`,
    [id],
  );
  return row ?? null;
}

export type MessageRowOfList = {
  id: number;
  channel: string;
  event: MessageEvent;
  state: 'waiting' | 'sending' | 'sent' | 'failed' | 'grouped' | 'dropped';
  madeAtMs: number;
  dueAtMs: number;
  endedAtMs: number | null;
  attempts: number;
  title: string | null;
  answer: MessageAnswer | null;
  madeBy: string;
  jobKey: string | null;
  saidIn: number | null;
};

const COLUMNS = `
  m.id, m.channel, m.event, m.state, (extract(epoch FROM m.made_at) * 1000)::bigint AS "madeAtMs",
  (extract(epoch FROM m.due_at) * 1000)::bigint AS "dueAtMs",
  (extract(epoch FROM m.ended_at) * 1000)::bigint AS "endedAtMs", m.attempts, m.title, m.answer,
  m.made_by AS "madeBy", j.key AS "jobKey", m.said_in AS "saidIn"`;

/** Messages, newest first. */
export async function readMessages(
  sql: Sql,
  {
    channel,
    undelivered,
    before,
    limit,
  }: { channel: string | null; undelivered: boolean; before: number | null; limit: number },
): Promise<MessageRowOfList[]> {
  return sql(READ_MESSAGES, [channel, undelivered, before, limit]);
}

const UNDELIVERED = (m: string) =>
  `(${m}.state = 'failed' OR ${m}.state IN ('waiting', 'sending') AND ${m}.answer IS NOT NULL)`;

const READ_MESSAGES = `
SELECT ${COLUMNS}
  FROM message m LEFT JOIN incident i ON i.id = m.incident_id LEFT JOIN job j ON j.id = i.job_id
 WHERE ($1::text IS NULL OR m.channel = $1::text)
   AND (NOT $2::boolean OR ${UNDELIVERED('m')})
   AND ($3::bigint IS NULL OR m.id < $3::bigint)
 ORDER BY m.id DESC LIMIT $4::int`;

export async function readMessageRow(sql: Sql, id: number): Promise<MessageRowOfList | undefined> {
  const [row] = await sql<MessageRowOfList>(
    `SELECT ${COLUMNS} FROM message m LEFT JOIN incident i ON i.id = m.incident_id
       LEFT JOIN job j ON j.id = i.job_id WHERE m.id = $1::bigint`,
    [id],
  );
  return row;
}

export type ChannelRow = {
  key: string;
  kind: string;
  description: string;
  settings: unknown;
  host: string;
  version: number;
  /** The latest message that was tried. */
  last: { state: string; event: MessageEvent; atMs: number; cause: string } | null;
  /** Of the last day: given up, or tried in vain so far. */
  undelivered: number;
  /** Jobs that name it. */
  jobs: number;
};

export async function readChannelRows(sql: Sql): Promise<ChannelRow[]> {
  return sql(READ_CHANNELS);
}

const READ_CHANNELS = `
SELECT c.key, c.kind, c.description, c.settings, c.host, c.version,
       (SELECT jsonb_build_object('state', m.state, 'event', m.event, 'cause', m.answer ->> 'cause',
                 'atMs', (extract(epoch FROM coalesce(m.ended_at, m.made_at)) * 1000)::bigint)
          FROM message m WHERE m.channel = c.key AND m.answer IS NOT NULL ORDER BY m.id DESC LIMIT 1) AS last,
       (SELECT count(*)::int FROM message m
         WHERE m.channel = c.key AND m.event <> 'test' AND ${UNDELIVERED('m')} AND m.made_at > now() - interval '1 day') AS undelivered,
       (SELECT count(*)::int FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
         WHERE j.deleted_at IS NULL AND v.definition -> 'messages' ->> 'use' = 'channels'
           AND v.definition -> 'messages' -> 'channels' ? c.key) AS jobs
  FROM channel c ORDER BY c.key`;

/** How many of the last day couldn't be delivered, and through which channels. */
export async function readUndelivered(sql: Sql): Promise<{ messages: number; channels: string[] }> {
  const [row] = await sql<{ messages: number; channels: string[] }>(READ_UNDELIVERED);
  return row!;
}

const READ_UNDELIVERED = `
SELECT count(*)::int AS messages, coalesce(array_agg(DISTINCT m.channel), '{}') AS channels
  FROM channel c CROSS JOIN LATERAL (
    SELECT channel FROM message m
     WHERE m.channel = c.key AND m.event <> 'test' AND ${UNDELIVERED('m')} AND m.made_at > now() - interval '1 day'
  ) AS m`;

/** Jobs that would tell somebody else without the channel: those that name it. */
export async function readJobsThatName(
  sql: Sql,
  channel: string,
  limit: number,
): Promise<{ key: string; others: number }[]> {
  return sql(READ_JOBS_THAT_NAME, [channel, limit]);
}

const READ_JOBS_THAT_NAME = `
SELECT j.key, jsonb_array_length(v.definition -> 'messages' -> 'channels') - 1 AS others
  FROM job j JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE j.deleted_at IS NULL AND v.definition -> 'messages' ->> 'use' = 'channels'
   AND v.definition -> 'messages' -> 'channels' ? $1::text
 ORDER BY j.key LIMIT $2::int`;
