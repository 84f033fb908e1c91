import type { Sql } from '../db.ts';
import { isHttpAddress } from '../channels/channel.ts';
import type { HealthWords } from '../health/words.ts';
import { TROUBLE } from '../incidents/incident.ts';
import type { MessageContent } from './content.ts';
import { type MessageRow, readMessage, readSummed } from './content.sql.ts';
import type { IncidentEvent } from './owed.ts';
import { JobMessages, MessageRule } from './rule.ts';
import { summaryOf } from './summary.ts';
import { troubleContent } from './trouble-content.ts';
import { wordsOf } from './words.ts';

/**
 * What a claimed message says, as things stand now; null where its job was deleted since, so that nobody needs it.
 * @param consoleUrl where people reach the console; null: nobody said it
 * @param words what is said of Punctual's own troubles
 */
export async function makeContent(
  sql: Sql,
  id: number,
  consoleUrl: string | null,
  words: HealthWords,
): Promise<MessageContent | null> {
  const row = await readMessage(sql, id);
  const where = {
    consoleUrl: consoleUrl?.replace(/\/+$/, '') ?? null,
    idempotencyKey: `punctual-${row.installation}-m${id}`,
  };
  if (row.event === 'test') return testContent(row, where);
  if (row.event === 'summary') return summaryOf(await readSummed(sql, id), where);
  const { about } = row;
  if (about === null) return null;
  const event = row.event satisfies IncidentEvent;
  const { job, kind, ...incident } = about;
  if (kind === TROUBLE) {
    const remindHours = remindHoursOf(row);
    return troubleContent({ event, incident: { ...incident, kind }, words, remindHours, ...where });
  }
  if (job === null || job.isDeleted) return null;
  return wordsOf({
    event,
    incident: { ...incident, kind },
    job: {
      key: job.key,
      owner: job.owner,
      labels: job.labels,
      runbookUrl: addressOf(job.runbookUrl),
      timeZone: typeof job.timeZone === 'string' ? job.timeZone : 'UTC',
    },
    remindHours: remindHoursOf(row),
    ...where,
  });
}

function testContent(
  { madeBy }: MessageRow,
  { consoleUrl, idempotencyKey }: { consoleUrl: string | null; idempotencyKey: string },
): MessageContent {
  return {
    event: 'test',
    title: 'Test message',
    lines: [`${madeBy} has sent this to see whether messages of Punctual arrive here.`],
    nextStep: 'Nothing needs to be done.',
    url: consoleUrl === null ? null : `${consoleUrl}/settings/channels`,
    urlText: 'Open the channels',
    job: null,
    incident: null,
    runId: null,
    idempotencyKey,
  };
}

function remindHoursOf({ about, savedRule }: MessageRow): number | null {
  const own = JobMessages.safeParse(about?.job?.messages ?? {}).data;
  if (own?.use === 'channels') return own.remindHours;
  return MessageRule.safeParse(savedRule).data?.remindHours ?? null;
}

const addressOf = (saved: unknown): string =>
  typeof saved === 'string' && isHttpAddress(saved) ? saved : '';
