import type { ChannelKind } from '../channels/channel-kinds.ts';
import { changePayload } from '../events/events.ts';
import { CONSOLE_CHANNEL, type Sql } from '../db.ts';
import type { SentLately, Waiting } from './grouping.ts';

export type LockedChannel = {
  key: string;
  kind: ChannelKind;
  settings: unknown;
  keyId: string | null;
  sealed: Buffer | null;
};

/** Takes the channel that has waited longest with something to send, if nobody sends through it now. */
export async function lockChannelToServe(sql: Sql): Promise<LockedChannel | undefined> {
  const [row] = await sql<LockedChannel>(LOCK_CHANNEL);
  return row;
}

const MAY_GO = (m: string) =>
  `${m}.due_at <= now() AND (${m}.state = 'waiting' OR ${m}.state = 'sending' AND ${m}.claimed_until <= now())`;

// What is told later never overtakes what is told first of the same problem.
const IS_FIRST = (m: string) => `NOT EXISTS (
  SELECT 1 FROM message before
   WHERE before.incident_id = ${m}.incident_id AND before.channel = ${m}.channel AND before.id < ${m}.id
     AND before.state IN ('waiting', 'sending') AND NOT (${MAY_GO('before')}))`;

const LOCK_CHANNEL = `
SELECT c.key, c.kind, c.settings, c.key_id AS "keyId", c.sealed
  FROM channel c
 CROSS JOIN LATERAL (
   SELECT min(m.due_at) AS at FROM message m
    WHERE m.channel = c.key AND m.state IN ('waiting', 'sending') AND ${MAY_GO('m')} AND ${IS_FIRST('m')}) AS due
 WHERE due.at IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM message m
     WHERE m.channel = c.key AND m.state = 'sending' AND m.claimed_until > now())
 ORDER BY due.at
 LIMIT 1
   FOR NO KEY UPDATE OF c SKIP LOCKED`;

const MOST_AT_ONCE = 1_000;

/** What a channel that this transaction holds may send now, oldest first. */
export async function readWaiting(sql: Sql, channel: string): Promise<Waiting[]> {
  return sql<Waiting>(READ_WAITING, [channel]);
}

const READ_WAITING = `
SELECT m.id, m.event FROM message m
 WHERE m.channel = $1::text AND m.state IN ('waiting', 'sending') AND ${MAY_GO('m')} AND ${IS_FIRST('m')}
 ORDER BY m.id LIMIT ${MOST_AT_ONCE}`;

export async function readSentLately(sql: Sql, channel: string): Promise<SentLately> {
  const [row] = await sql<SentLately>(READ_SENT_LATELY, [channel]);
  return row!;
}

const READ_SENT_LATELY = `
SELECT count(*)::int AS messages, min(ended_at) AS "oldestAt",
       max(ended_at) FILTER (WHERE event = 'summary') AS "summaryAt"
  FROM (SELECT event, state, ended_at FROM message WHERE channel = $1::text ORDER BY id DESC LIMIT 2000) AS lately
 WHERE state = 'sent' AND event <> 'test' AND ended_at > now() - interval '1 minute'`;

/** A message that this worker is to send, and its fence. */
export type ClaimedMessage = { id: number; attempts: number };

/** Longer than any try lasts. */
export const CLAIM_MS = 60_000;

/** Takes one message of a channel that this transaction holds. */
export async function claimMessage(sql: Sql, id: number): Promise<ClaimedMessage> {
  const [row] = await sql<ClaimedMessage>(CLAIM_ONE, [id, CLAIM_MS]);
  return row!;
}

const CLAIM_ONE = `
UPDATE message
   SET state = 'sending', attempts = attempts + 1, claimed_until = now() + $2::double precision * interval '1 millisecond'
 WHERE id = $1::bigint
RETURNING id, attempts`;

/** Makes one message of many, and takes it. */
export async function claimAsSummary(
  sql: Sql,
  channel: string,
  ids: readonly number[],
): Promise<ClaimedMessage> {
  const [row] = await sql<ClaimedMessage>(MAKE_SUMMARY, [channel, CLAIM_MS]);
  await sql(GROUP, [ids, row!.id]);
  return row!;
}

const MAKE_SUMMARY = `
INSERT INTO message (channel, event, state, attempts, claimed_until)
VALUES ($1::text, 'summary', 'sending', 1, now() + $2::double precision * interval '1 millisecond')
RETURNING id, attempts`;

const GROUP = `
UPDATE message SET state = 'grouped', said_in = $2::bigint, ended_at = now(), claimed_until = NULL
 WHERE id = ANY ($1::bigint[])`;

/** They wait until the channel may say the next thing. */
export async function putOff(sql: Sql, ids: readonly number[], until: Date): Promise<void> {
  await sql(
    `UPDATE message SET state = 'waiting', claimed_until = NULL, due_at = $2::timestamptz WHERE id = ANY ($1::bigint[])`,
    [ids, until.toISOString()],
  );
}

/** How a try ended. */
export type TriedMessage = ClaimedMessage & {
  state: 'sent' | 'failed' | 'waiting' | 'dropped';
  /** Until the next try, ms. */
  pauseMs: number | null;
  title: string;
  answer: MessageAnswer;
};

/** What came back of a try, as the console shows it. Holds nothing that is secret. */
export type MessageAnswer = {
  ok: boolean;
  /** HTTP status, or the code of the mail server's answer. */
  status: number | null;
  /** A sentence; empty where all went well. */
  cause: string;
  /** The beginning of the answer's text. */
  body: string;
  elapsedMs: number;
};

/** Records how a try ended, unless another worker has taken the message over. False: it has. */
export async function recordTry(sql: Sql, tried: TriedMessage): Promise<boolean> {
  const rows = await sql(RECORD_TRY, [
    tried.id,
    tried.attempts,
    tried.state,
    tried.pauseMs ?? 0,
    tried.title,
    JSON.stringify(tried.answer),
    changePayload('channel', []),
  ]);
  return rows.length > 0;
}

const RECORD_TRY = `
WITH tried AS (
  UPDATE message
     SET state = $3::text, claimed_until = NULL, title = $5::text, answer = $6::text::jsonb,
         ended_at = CASE WHEN $3::text <> 'waiting' THEN clock_timestamp() END,
         due_at = CASE WHEN $3::text = 'waiting'
           THEN clock_timestamp() + $4::double precision * interval '1 millisecond' ELSE due_at END
   WHERE id = $1::bigint AND attempts = $2::smallint AND state = 'sending'
  RETURNING id
)
SELECT id, pg_notify('${CONSOLE_CHANNEL}', $7::text)::text AS told FROM tried`;

/** In how many ms the next thing comes up for the messenger: 0 or less when it has, null when nothing waits. */
export async function messengerIsDueInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ dueInMs: number | null }>(MESSENGER_IS_DUE);
  return row!.dueInMs;
}

export const MESSENGER_IS_DUE = `
SELECT (extract(epoch FROM least(
  (SELECT min(tell_at) FROM incident WHERE tell_at IS NOT NULL),
  (SELECT min(CASE WHEN state = 'sending' THEN greatest(claimed_until, due_at) ELSE due_at END)
     FROM message WHERE state IN ('waiting', 'sending'))) - clock_timestamp()) * 1000)::double precision AS "dueInMs"`;
