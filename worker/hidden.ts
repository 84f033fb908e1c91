import type { JobDefinition } from '#core/jobs/definition.ts';
import type { ParameterValues } from '#core/jobs/parameters.ts';
import { Reading } from '#core/secrets/redaction/reading.ts';
import { redact } from '#core/secrets/redaction/redactor.ts';
import { canBeCutOut } from '#core/secrets/secret-name.ts';
import type { Answer } from './kinds/kind.ts';
import type { AttemptLog } from './log/attempt-log.ts';
import { hidingLog } from './log/hiding-log.ts';

/** What mustn't be seen of one attempt: its secrets and its sensitive parameters. */
export type Hidden = {
  /** The log through which nothing of it comes. */
  in: (log: AttemptLog) => AttemptLog;
  text: (text: string) => string;
  answer: (answer: Answer) => Answer;
};

/** A job that hides nothing pays nothing. */
export const NOTHING_HIDDEN: Hidden = {
  in: (log) => log,
  text: (text) => text,
  answer: (answer) => answer,
};

export function hiddenOf(
  definition: JobDefinition,
  parameters: ParameterValues,
  secrets: Readonly<Record<string, string>>,
): Hidden {
  const sensitive = definition.parameters
    .filter(({ isSensitive }) => isSensitive)
    .map(({ name }) => String(parameters[name] ?? ''));
  const values = [...Object.values(secrets), ...sensitive].filter(canBeCutOut);
  if (values.length === 0) return NOTHING_HIDDEN;
  const reading = new Reading(values);
  const text = (whole: string) => redact(reading, whole);
  return { in: (log) => hidingLog(log, reading), text, answer: (answer) => without(answer, text) };
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
