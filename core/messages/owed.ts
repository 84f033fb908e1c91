import { type IncidentKind, TROUBLE } from '../incidents/incident.ts';
import type { MessageRule } from './rule.ts';
import type { Told } from './told.ts';

/** What is said of an incident; the CHECK `message_event_known` says the same, and `summary` and `test` besides. */
export const INCIDENT_EVENTS = ['opened', 'paused', 'reminder', 'recovered'] as const;
export type IncidentEvent = (typeof INCIDENT_EVENTS)[number];

/** An incident, and what has been told of it. */
export type ToTell = {
  kind: IncidentKind | typeof TROUBLE;
  openedAt: Date;
  endedAt: Date | null;
  endedByRun: number | null;
  pauses: number;
  toldAt: Date | null;
  toldPauses: number;
  reminders: number;
  /** A person has paused the job: they know. */
  isPausedByPerson: boolean;
  /** How many incidents of the same job, or troubles of the same name, were told in the hour before this one began. */
  toldLately: number;
};

export type Owed = {
  events: { event: IncidentEvent; number: number }[];
  /** What counts as told from then on. */
  toldAt: Date | null;
  toldPauses: number;
  reminders: number;
  /** When to look again; null: when something happens to it. */
  lookAgainAt: Date | null;
};

/** A job that comes and goes is told so often in an hour; then only once a problem has lasted for a while. */
export const MOST_TOLD_AN_HOUR = 3;
export const LASTING_MS = 10 * 60_000;

const HOUR_MS = 3_600_000;

/**
 * What is to be said of an incident now. Each problem is told once, when it begins, and once when it is over; beside that
 * when Punctual pauses the job, and at each reminder that was asked for.
 * @param rule null: nobody is told
 */
export function owedOf(incident: ToTell, rule: MessageRule | null, now: Date): Owed {
  const unchanged = {
    events: [],
    toldAt: incident.toldAt,
    toldPauses: incident.toldPauses,
    reminders: incident.reminders,
    lookAgainAt: null,
  };
  // Who isn't told of the beginning isn't told of the rest, also when somebody chooses otherwise meanwhile.
  if (rule === null) {
    return { ...unchanged, toldAt: incident.toldAt ?? now, toldPauses: incident.pauses };
  }
  if (incident.toldAt === null) return beginning(incident, rule, now, unchanged);
  return continuation(incident, rule, now, unchanged);
}

function beginning(incident: ToTell, rule: MessageRule, now: Date, unchanged: Owed): Owed {
  // That Punctual itself is in trouble nobody may choose not to hear: it says what becomes of all other messages.
  const isWanted =
    incident.kind === TROUBLE ||
    rule.on.includes(TOLD_AS[incident.kind]) ||
    (incident.pauses > incident.toldPauses && rule.on.includes('auto_paused'));
  if (!isWanted) return { ...unchanged, toldPauses: incident.pauses };
  if (incident.toldLately >= MOST_TOLD_AN_HOUR) {
    // Over before it lasted: whoever was told three times has the picture.
    if (incident.endedAt !== null) return unchanged;
    const lastsAt = new Date(incident.openedAt.getTime() + LASTING_MS);
    if (now < lastsAt) return { ...unchanged, lookAgainAt: lastsAt };
  }
  const told = { ...unchanged, toldAt: now, toldPauses: incident.pauses };
  const opened = { event: 'opened' as const, number: 0 };
  const rest = continuation({ ...incident, ...told }, rule, now, told);
  return { ...rest, events: [opened, ...rest.events] };
}

function continuation(incident: ToTell, rule: MessageRule, now: Date, unchanged: Owed): Owed {
  const { toldAt, endedAt, endedByRun, pauses, toldPauses, reminders } = incident;
  if (endedAt !== null) {
    // A job's incident that ended without a run ended with its job.
    const isWell = endedByRun !== null || incident.kind === TROUBLE;
    const isRecovered = isWell && rule.on.includes('recovered');
    return { ...unchanged, events: isRecovered ? [{ event: 'recovered', number: 0 }] : [] };
  }
  const events: Owed['events'] = [];
  if (pauses > toldPauses && rule.on.includes('auto_paused')) {
    events.push({ event: 'paused', number: pauses });
  }
  if (rule.remindHours === null) return { ...unchanged, events, toldPauses: pauses };
  const everyMs = rule.remindHours * HOUR_MS;
  const sinceMs = now.getTime() - toldAt!.getTime();
  // However long nobody looked, one reminder makes up for it.
  const passed = Math.floor(sinceMs / everyMs);
  const isDue = passed > reminders && !incident.isPausedByPerson;
  if (isDue) events.push({ event: 'reminder', number: passed });
  return {
    events,
    toldAt,
    toldPauses: pauses,
    reminders: Math.max(passed, reminders),
    lookAgainAt: new Date(toldAt!.getTime() + (passed + 1) * everyMs),
  };
}

const TOLD_AS: Record<IncidentKind, Told> = {
  failed: 'failed',
  timed_out: 'failed',
  lost: 'lost',
  missed: 'missed',
  auto_paused: 'auto_paused',
};
