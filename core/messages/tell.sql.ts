import type { Sql } from '../db.ts';
import type { IncidentEvent, Owed, ToTell } from './owed.ts';

/** An incident that this transaction holds, since somebody may have to be told of it. */
export type IncidentToTell = ToTell & {
  id: number;
  isJobDeleted: boolean;
  /** What the job's revision says of messages, as it was saved. */
  saved: unknown;
  /** Channels that were told of its beginning. */
  toldChannels: string[];
};

/** Takes incidents whose time to be looked at has come and that nobody else holds. */
export async function lockIncidentsToTell(sql: Sql, limit: number): Promise<IncidentToTell[]> {
  return sql<IncidentToTell>(LOCK_INCIDENTS, [limit]);
}

const LOCK_INCIDENTS = `
SELECT i.id, i.kind, i.opened_at AS "openedAt", i.ended_at AS "endedAt",
       i.ended_by_run AS "endedByRun", i.pauses, i.told_at AS "toldAt", i.told_pauses AS "toldPauses", i.reminders,
       j.deleted_at IS NOT NULL AS "isJobDeleted",
       j.paused_at IS NOT NULL AND j.pause_evidence IS NULL AS "isPausedByPerson",
       v.definition -> 'messages' AS saved,
       (SELECT count(*)::int FROM incident o
         WHERE o.job_id = i.job_id AND o.id <> i.id AND o.told_at > i.opened_at - interval '1 hour')
       + CASE WHEN i.trouble IS NULL THEN 0 ELSE (SELECT count(*)::int FROM incident o
         WHERE o.trouble = i.trouble AND o.id <> i.id AND o.told_at > i.opened_at - interval '1 hour') END AS "toldLately",
       coalesce((SELECT array_agg(m.channel) FROM message m
         WHERE m.incident_id = i.id AND m.event = 'opened' AND m.state <> 'dropped'), '{}') AS "toldChannels"
  FROM incident i
  LEFT JOIN job j ON j.id = i.job_id
  LEFT JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE i.tell_at <= now() AND (i.job_id IS NULL OR j.id IS NOT NULL)
 ORDER BY i.tell_at
 LIMIT $1::int
   FOR UPDATE OF i SKIP LOCKED`;

/** What there is to tell by: the rule of the installation as it was saved, and the channels. */
export async function readTellingRules(sql: Sql): Promise<{ saved: unknown; channels: string[] }> {
  const [row] = await sql<{ saved: unknown; channels: string[] }>(READ_RULES);
  return row!;
}

const READ_RULES = `
SELECT message_rule AS saved, coalesce((SELECT array_agg(key ORDER BY key) FROM channel), '{}') AS channels
  FROM installation`;

export type NewMessage = {
  incidentId: number;
  channel: string;
  event: IncidentEvent;
  number: number;
};

/** What was made before stays as it is: a message is made once. */
export async function makeMessages(sql: Sql, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length > 0) await sql(MAKE_MESSAGES, [JSON.stringify(messages)]);
}

const MAKE_MESSAGES = `
INSERT INTO message (incident_id, channel, event, number)
SELECT m."incidentId", m.channel, m.event, m.number
  FROM jsonb_to_recordset($1::text::jsonb) AS m ("incidentId" int, channel text, event text, number smallint)
ON CONFLICT DO NOTHING`;

export async function recordTold(
  sql: Sql,
  told: readonly ({ id: number } & Omit<Owed, 'events'>)[],
): Promise<void> {
  await sql(RECORD_TOLD, [JSON.stringify(told)]);
}

const RECORD_TOLD = `
UPDATE incident i
   SET told_at = t."toldAt", told_pauses = t."toldPauses", reminders = t.reminders, tell_at = t."lookAgainAt"
  FROM jsonb_to_recordset($1::text::jsonb) AS t (
    id int, "toldAt" timestamptz, "toldPauses" smallint, reminders smallint, "lookAgainAt" timestamptz)
 WHERE i.id = t.id`;

/** Nothing goes on with a job that is gone. */
export async function endIncidentsOfDeletedJobs(sql: Sql): Promise<number> {
  const rows = await sql(END_OF_DELETED);
  return rows.length;
}

const END_OF_DELETED = `
UPDATE incident SET ended_at = greatest(now(), last_at), tell_at = NULL
 WHERE id = ANY (ARRAY(
   SELECT i.id FROM incident i JOIN job j ON j.id = i.job_id
    WHERE i.ended_at IS NULL AND j.deleted_at IS NOT NULL
    ORDER BY i.job_id LIMIT 1000 FOR UPDATE OF i SKIP LOCKED))
RETURNING id`;

/** Messages and incidents that ended before history does, a few at a time. */
export async function dropOldMessages(sql: Sql): Promise<number> {
  const messages = await sql(DROP_OLD_MESSAGES);
  const incidents = await sql(DROP_OLD_INCIDENTS);
  return messages.length + incidents.length;
}

const KEPT = `now() - (SELECT retention_days FROM installation) * interval '1 day'`;

const DROP_OLD_MESSAGES = `
DELETE FROM message WHERE id = ANY (ARRAY(
  SELECT id FROM message WHERE ended_at < ${KEPT} ORDER BY id LIMIT 1000))
RETURNING id`;

const DROP_OLD_INCIDENTS = `
DELETE FROM incident WHERE id = ANY (ARRAY(
  SELECT id FROM incident WHERE ended_at < ${KEPT} ORDER BY id LIMIT 1000))
RETURNING id`;
