import type { JobDefinition } from '#core/jobs/definition.ts';
import type { ParameterValues } from '#core/jobs/parameters.ts';
import { Reading } from '#core/secrets/redaction/reading.ts';
import { redact } from '#core/secrets/redaction/redactor.ts';
import { canBeCutOut } from '#core/secrets/secret-name.ts';
import type { Answer } from './kinds/kind.ts';
import type { AttemptLog } from './log/attempt-log.ts';
import { HidingLog } from './log/hiding-log.ts';

/** What mustn't be seen of one attempt: its secrets and its sensitive parameters. */
export type Hidden = {
  /** The log through which nothing of it comes. */
  in: (log: AttemptLog) => AttemptLog;
  text: (text: string) => string;
  answer: (answer: Answer) => Answer;
  /** A running command is told of edited parameters: they are hidden from now on as well. */
  learn: (definition: JobDefinition, parameters: ParameterValues) => void;
};

/** A job that hides nothing pays nothing. */
export const NOTHING_HIDDEN: Hidden = {
  in: (log) => log,
  text: (text) => text,
  answer: (answer) => answer,
  learn: () => {},
};

export function hiddenOf(
  definition: JobDefinition,
  parameters: ParameterValues,
  secrets: Readonly<Record<string, string>>,
): Hidden {
  const values = new Set([
    ...Object.values(secrets).filter(canBeCutOut),
    ...sensitiveValues(definition, parameters),
  ]);
  if (values.size === 0 && !definition.tellParameters) return NOTHING_HIDDEN;
  let reading = new Reading([...values]);
  const logs: HidingLog[] = [];
  const text = (whole: string) => redact(reading, whole);
  return {
    in(log) {
      const hiding = new HidingLog(log, reading);
      logs.push(hiding);
      return hiding;
    },
    text,
    answer: (answer) => without(answer, text),
    learn(edited, next) {
      const more = sensitiveValues(edited, next).filter((value) => !values.has(value));
      if (more.length === 0) return;
      for (const value of more) values.add(value);
      reading = new Reading([...values]);
      for (const log of logs) log.goOnWith(reading);
    },
  };
}

function sensitiveValues({ parameters }: JobDefinition, values: ParameterValues): string[] {
  return parameters
    .filter(({ isSensitive }) => isSensitive)
    .map(({ name }) => String(values[name] ?? ''))
    .filter(canBeCutOut);
}

/**
 * The state has to be what was written, or the next run would go on from somewhere else: one that holds a secret isn't
 * kept, and the run has failed.
 */
function without(answer: Answer, text: (whole: string) => string): Answer {
  const hidden: Answer = {
    ...answer,
    ...(answer.cause === undefined ? {} : { cause: text(answer.cause) }),
    ...(answer.result === undefined ? {} : { result: text(answer.result) }),
  };
  if (answer.newState === undefined || text(answer.newState) === answer.newState) return hidden;
  delete hidden.newState;
  return { ...hidden, ok: false, cause: STATE_WITH_SECRET };
}

const STATE_WITH_SECRET =
  'the state that it wrote can’t be kept: it holds a secret or a sensitive parameter';
