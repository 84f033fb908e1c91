import type { Actor } from '../auth/permissions.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { areOwnParameters } from '../jobs/followed-parameters.ts';
import { type EarlierValues, laidBareBy, restoreGiven } from '../jobs/hidden-parameters.ts';
import { resolveParameters } from '../jobs/parameters.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import type { CurrentJob, RequestedRun } from './request.sql.ts';

type Ask = {
  trigger: RequestedRun['trigger'];
  note: string;
  retryOf?: number;
  forTick?: Date | null;
  stretch?: RequestedRun['stretch'];
  /** Of the run that is tried again, or of what asked for several. */
  earlier?: EarlierValues;
};

/**
 * The run that is asked for, or why there can't be one.
 * @param given null: the earlier values
 */
export function requestOf(
  actor: Actor,
  job: Omit<CurrentJob, 'labels'> | undefined,
  given: Readonly<Record<string, unknown>> | null,
  ask: Ask,
): Outcome<RequestedRun> {
  if (!job) return refuse('not_found', 'There is no such job.');
  if (job.isDeleted) {
    return refuse('conflict', `${job.key} was deleted: its history stays, but it runs no more.`);
  }
  const definition = JobDefinition.safeParse(job.definition);
  if (!definition.success) {
    return refuse(
      'conflict',
      `The definition of ${job.key} can’t be used any more. Edit and save the job.`,
    );
  }
  const { parameters } = definition.data;
  const earlier = ask.earlier ?? { values: null, sensitive: [] };
  const bare = given === null ? laidBareBy(parameters, earlier) : [];
  if (bare.length > 0) return refuseParameters(bare.map((name) => ({ name, message: BARE(name) })));
  const shown = restoreGiven(parameters, given ?? earlier.values ?? {}, given && earlier.values);
  const resolved = resolveParameters(parameters, shown);
  if (!resolved.ok) return refuseParameters(resolved.problems);
  return done({
    jobId: job.jobId,
    revision: job.revision,
    definition: definition.data,
    trigger: ask.trigger,
    forTick: ask.forTick ?? null,
    retryOf: ask.retryOf ?? null,
    requestedBy: actor.name,
    note: ask.note === '' ? null : ask.note,
    parameters: parameters.length > 0 ? resolved.values : null,
    covers: ask.trigger !== 'test' && areOwnParameters(parameters, resolved.values),
    stretch: ask.stretch,
    ...(ask.trigger === 'test' ? { overlap: overlapOfTest(definition.data) } : {}),
  });
}

const BARE = (name: string) =>
  `The value of ${name} was given while it was sensitive, which it isn’t any more, so it isn’t used again: give a value anew.`;

/** A test waits for what runs. It takes nobody's place, and is no reason to end another run. */
function overlapOfTest({ overlap }: JobDefinition): JobDefinition['overlap'] {
  return overlap === 'allow' ? 'allow' : 'queue_all';
}

function refuseParameters(problems: readonly { name: string; message: string }[]): Refused {
  return refuse(
    'invalid',
    problems[0]?.message ?? 'The parameters don’t fit.',
    problems.map(({ name, message }) => ({ path: ['parameters', name], message })),
  );
}
