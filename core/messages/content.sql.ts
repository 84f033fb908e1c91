import type { Sql } from '../db.ts';
import { INCIDENT_COLUMNS, type Incident } from '../incidents/incident.ts';
import type { MessageEvent } from './content.ts';
import type { Summed } from './summary.ts';

/** A claimed message, and what it is about. */
export type MessageRow = {
  event: MessageEvent;
  madeBy: string;
  installation: string;
  /** How the installation tells, as it was saved. */
  savedRule: unknown;
  /** Null of a summary and a test. */
  about:
    | (Incident & {
        /** Null of a trouble of Punctual's own. */
        job: MessageJob | null;
      })
    | null;
};

export type MessageJob = {
  key: string;
  isDeleted: boolean;
  owner: string;
  labels: Record<string, string>;
  /** Of its revision, as it was saved. */
  messages: unknown;
  runbookUrl: unknown;
  timeZone: unknown;
};

export async function readMessage(sql: Sql, id: number): Promise<MessageRow> {
  const [row] = await sql<RowOfMessage>(READ_MESSAGE, [id]);
  const { event, madeBy, installation, savedRule, ...about } = row!;
  return {
    event,
    madeBy,
    installation,
    savedRule,
    about: about.id === null ? null : (about as NonNullable<MessageRow['about']>),
  };
}

type RowOfMessage = Omit<MessageRow, 'about'> & { id: number | null };

const READ_MESSAGE = `
SELECT m.event, m.made_by AS "madeBy", n.uuid AS installation, n.message_rule AS "savedRule", ${INCIDENT_COLUMNS},
       CASE WHEN j.id IS NOT NULL THEN jsonb_build_object(
         'key', j.key, 'isDeleted', j.deleted_at IS NOT NULL, 'owner', j.owner, 'labels', j.labels,
         'messages', v.definition -> 'messages', 'runbookUrl', v.definition -> 'runbookUrl',
         'timeZone', v.definition -> 'schedule' -> 'timeZone') END AS job
  FROM message m
 CROSS JOIN installation n
  LEFT JOIN incident i ON i.id = m.incident_id
  LEFT JOIN job j ON j.id = i.job_id
  LEFT JOIN revision v ON v.job_id = j.id AND v.number = j.revision
 WHERE m.id = $1::bigint`;

/** What a summary says together, oldest first. */
export async function readSummed(sql: Sql, id: number): Promise<Summed[]> {
  return sql(READ_SUMMED, [id]);
}

const READ_SUMMED = `
SELECT m.event, j.key AS "jobKey", i.trouble, coalesce(i.last_cause, i.cause, '') AS cause
  FROM message m JOIN incident i ON i.id = m.incident_id LEFT JOIN job j ON j.id = i.job_id
 WHERE m.said_in = $1::bigint
 ORDER BY m.id`;
