import type { JobDefinition } from '#core/jobs/definition.ts';
import type { PartId } from './definition-parts.ts';
import type { EditorForm, Pair } from './editor-form.ts';
import { failingControl } from './failing-form.ts';
import { messagesControl } from './messages-form.ts';

/** Something wrong at a control of the form; `path` is the control's name, `schedule.lines.1.text`. */
export type FormProblem = { path: string; message: string };

export type EditorSection = (typeof editorSections)[number];
export const editorSections = [
  'what',
  'schedule',
  'inTheWay',
  'retries',
  'failing',
  'twice',
  'about',
  'keeping',
] as const;

/** Which part of the form a control stands in; null for the reason, which stands beside the save button. */
export function sectionOf(path: string): EditorSection | null {
  const [first = ''] = path.split('.');
  return sections[first as keyof EditorForm] ?? null;
}

const sections: Readonly<Record<keyof EditorForm, EditorSection | null>> = {
  key: 'what',
  kind: 'what',
  http: 'what',
  command: 'what',
  script: 'what',
  parameters: 'what',
  tellParameters: 'what',
  schedule: 'schedule',
  overlap: 'inTheWay',
  maxParallel: 'inTheWay',
  catchUp: 'inTheWay',
  catchUpMost: 'inTheWay',
  catchUpPerMinute: 'inTheWay',
  startDeadline: 'inTheWay',
  timeout: 'inTheWay',
  queue: 'inTheWay',
  priority: 'inTheWay',
  runsOn: 'inTheWay',
  retry: 'retries',
  failing: 'failing',
  messages: 'failing',
  mayRunTwice: 'twice',
  owner: 'about',
  labels: 'about',
  notes: 'about',
  runbookUrl: 'about',
  fields: 'about',
  retentionDays: 'keeping',
  keepRuns: 'keeping',
  logLimitMb: 'keeping',
  note: null,
};

/** The same for a part of the definition. */
export function sectionOfPart(part: PartId): EditorSection {
  const [field = ''] = part.split('.');
  const form = partFields[field as keyof JobDefinition];
  return sections[form ?? (field as keyof EditorForm)] ?? 'what';
}

/** Parts that the form calls otherwise. */
const partFields: Partial<Record<keyof JobDefinition, keyof EditorForm>> = {
  work: 'kind',
  startDeadlineMs: 'startDeadline',
  timeoutMs: 'timeout',
  logLimitBytes: 'logLimitMb',
  circuit: 'failing',
  autoPause: 'failing',
};

/** The control that a path of the definition's schema belongs to; paths of actions may begin with `definition`. */
export function controlOf(path: readonly (string | number)[], form: EditorForm): string {
  const [first, ...rest] = path[0] === 'definition' ? path.slice(1) : path;
  switch (first) {
    case 'work':
      return workControl(rest, form);
    case 'schedule':
      return scheduleControl(rest);
    case 'startDeadlineMs':
      return 'startDeadline.amount';
    case 'timeoutMs':
      return 'timeout.amount';
    case 'logLimitBytes':
      return 'logLimitMb';
    case 'retry':
      return retryControl(rest);
    case 'circuit':
    case 'autoPause':
      return failingControl([first, ...rest]);
    case 'messages':
      return messagesControl(rest);
    case 'labels':
    case 'runsOn':
    case 'fields':
      return pairControl(first, rest, form[first]);
    case 'parameters':
      return ['parameters', ...(rest[1] === 'choices' ? rest.slice(0, 2) : rest)].join('.');
    default:
      return [first ?? 'key', ...rest].join('.');
  }
}

function workControl(path: readonly (string | number)[], { kind }: EditorForm): string {
  if (path.length === 0 || path[0] === 'kind') return 'kind';
  const isArgument = kind === 'command' && path[0] === 'args' && path.length > 1;
  return [kind, ...path, ...(isArgument ? ['value'] : [])].join('.');
}

function scheduleControl([field, index]: readonly (string | number)[]): string {
  if (field === 'everyMs') return 'schedule.every.amount';
  if (field === 'jitterMs') return 'schedule.jitter.amount';
  if (field === 'at') return 'schedule.dates';
  if (field === 'calendar') return calendarControls[String(index)] ?? 'schedule.calendar';
  if (field === 'lines' && index !== undefined) return `schedule.lines.${index}.text`;
  return `schedule.${field ?? 'type'}`;
}

const calendarControls: Readonly<Record<string, string>> = {
  rule: 'schedule.calendarRule',
  nth: 'schedule.calendarNth',
};

const retryAmounts: Readonly<Record<string, string>> = {
  delayMs: 'retry.delay.amount',
  maxDelayMs: 'retry.maxDelay.amount',
  withinMs: 'retry.within.amount',
};

function retryControl(path: readonly (string | number)[]): string {
  return retryAmounts[String(path[0])] ?? ['retry', ...path].join('.');
}

function pairControl(
  list: 'labels' | 'runsOn' | 'fields',
  [name]: readonly (string | number)[],
  pairs: readonly Pair[],
): string {
  const index = pairs.findLastIndex((pair) => pair.name.trim() === name);
  return index < 0 ? list : `${list}.${index}`;
}
