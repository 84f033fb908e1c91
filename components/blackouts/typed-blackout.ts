import type { BlackoutSummary } from '#core/blackouts/read-blackouts.ts';
import type { BlackoutScope } from '#core/blackouts/scope.ts';
import type { BlackoutEffect, BlackoutTimes } from '#core/schedules/blackouts/blackout-times.ts';
import type { BlackoutInput } from './blackout-actions.ts';

/** What the form holds, as it was typed; what another choice needs stays when one chooses anew. */
export type TypedBlackout = {
  name: string;
  note: string;
  effect: BlackoutEffect;
  type: BlackoutTimes['type'];
  /** As a datetime-local input has it, in the browser's zone. */
  begin: string;
  end: string;
  /** 1 is Monday. */
  weekdays: number[];
  from: string;
  to: string;
  timeZone: string;
  scope: BlackoutScope['type'];
  queues: string[];
  /** `name=value` */
  labels: string[];
  jobs: { id: number; key: string }[];
};

const HOUR_MS = 3_600_000;

/** From the next full hour on, for two hours; hits nobody until somebody says whom. */
export function emptyBlackout(nowMs: number, timeZone: string): TypedBlackout {
  const begin = Math.ceil(nowMs / HOUR_MS) * HOUR_MS;
  return {
    name: '',
    note: '',
    effect: 'hold',
    type: 'once',
    begin: localOf(begin),
    end: localOf(begin + 2 * HOUR_MS),
    weekdays: [6, 7],
    from: '22:00',
    to: '06:00',
    timeZone,
    scope: 'jobs',
    queues: [],
    labels: [],
    jobs: [],
  };
}

export function typedOf(
  { name, note, effect, times, scope, scopeJobs }: BlackoutSummary,
  empty: TypedBlackout,
): TypedBlackout {
  return {
    ...empty,
    name,
    note,
    effect,
    type: times.type,
    ...(times.type === 'once'
      ? { begin: localOf(Date.parse(times.from)), end: localOf(Date.parse(times.to)) }
      : {
          weekdays: times.weekdays,
          from: times.from,
          to: times.to,
          timeZone: times.timeZone,
        }),
    scope: scope.type,
    ...(scope.type === 'queues' && { queues: scope.queues }),
    ...(scope.type === 'labels' && {
      labels: Object.entries(scope.labels).map(([label, value]) => `${label}=${value}`),
    }),
    ...(scope.type === 'jobs' && { jobs: scopeJobs }),
  };
}

/** What is sent; what can't be right is left to the server, which says so in a sentence. */
export function inputOf(typed: TypedBlackout): BlackoutInput {
  const { name, note, effect } = typed;
  return { name, note, effect, times: timesOf(typed), scope: scopeOf(typed) };
}

function timesOf({ type, begin, end, weekdays, from, to, timeZone }: TypedBlackout): BlackoutTimes {
  if (type === 'weekly')
    return { type, weekdays: weekdays.toSorted((a, b) => a - b), from, to, timeZone };
  return { type, from: instantOf(begin), to: instantOf(end) };
}

function scopeOf({ scope, queues, labels, jobs }: TypedBlackout): BlackoutScope {
  switch (scope) {
    case 'all':
      return { type: scope };
    case 'queues':
      return { type: scope, queues };
    case 'labels':
      return { type: scope, labels: Object.fromEntries(labels.map(pairOf)) };
    case 'jobs':
      return { type: scope, jobIds: jobs.map(({ id }) => id) };
  }
}

function pairOf(label: string): [string, string] {
  const at = label.indexOf('=');
  return [label.slice(0, at), label.slice(at + 1)];
}

function instantOf(typed: string): string {
  const ms = Date.parse(typed);
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString();
}

// An input of this type speaks the browser's zone, which is the reader's.
function localOf(ms: number): string {
  const date = new Date(ms);
  const local = new Date(ms - date.getTimezoneOffset() * 60_000).toISOString();
  return ms % 60_000 === 0 ? local.slice(0, 16) : local.slice(0, 19);
}
