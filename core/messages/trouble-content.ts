import type { HealthWords } from '../health/words.ts';
import type { Incident, TROUBLE } from '../incidents/incident.ts';
import type { MessageContent } from './content.ts';
import type { IncidentEvent } from './owed.ts';
import { atIn, lengthOf } from './words.ts';

/** Says a trouble of Punctual's own: what it is, since when, and what to do. Times are in UTC: it is nobody's job. */
export function troubleContent({
  event,
  incident,
  words,
  remindHours,
  consoleUrl,
  idempotencyKey,
}: {
  event: IncidentEvent;
  incident: Omit<Incident, 'job' | 'kind'> & { kind: typeof TROUBLE };
  words: HealthWords;
  remindHours: number | null;
  consoleUrl: string | null;
  idempotencyKey: string;
}): MessageContent {
  const { title, next } = words.ofTrouble(incident.trouble ?? '');
  const isOver = incident.endedAt !== null;
  const again =
    remindHours === null
      ? 'You hear of it again when it is over.'
      : `You hear of it again when it is over, and every ${remindHours} h until then.`;
  return {
    event,
    title: `Punctual itself: ${TITLE[event](title)}`,
    lines: isOver ? [lastedWords(incident)] : goesOnWords(incident),
    nextStep: isOver ? 'Nothing needs to be done now.' : `Next: ${next} ${again}`,
    url: consoleUrl === null ? null : `${consoleUrl}/health`,
    urlText: 'Open Health',
    job: null,
    incident: {
      id: incident.id,
      kind: incident.kind,
      openedAt: incident.openedAt,
      endedAt: incident.endedAt,
      runs: 0,
      missed: 0,
      cause: incident.lastCause ?? incident.cause ?? '',
    },
    runId: null,
    idempotencyKey,
  };
}

const lower = (title: string) => title.charAt(0).toLowerCase() + title.slice(1);

const TITLE: Record<IncidentEvent, (title: string) => string> = {
  opened: lower,
  // Nobody pauses Punctual itself.
  paused: lower,
  reminder: (title) => `still, ${lower(title)}`,
  recovered: (title) => `over: ${lower(title)}`,
};

type Told = Pick<Incident, 'openedAt' | 'endedAt' | 'lastAt' | 'cause' | 'lastCause'>;

function goesOnWords({ openedAt, cause, lastCause }: Told): string[] {
  return [lastCause ?? cause ?? '', `Since ${atIn(openedAt, 'UTC')}.`].filter(
    (line) => line !== '',
  );
}

function lastedWords({ openedAt, endedAt, lastAt, cause }: Told): string {
  const ended = endedAt ?? lastAt;
  const lasted = lengthOf(ended.getTime() - openedAt.getTime());
  return `From ${atIn(openedAt, 'UTC')} to ${atIn(ended, 'UTC')} (${lasted}): ${cause ?? ''}`;
}
