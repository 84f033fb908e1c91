import { isDeepStrictEqual } from 'node:util';
import { environment } from '../environment.ts';
import { done, type Outcome, refuse, type Refused } from '../outcome.ts';
import { sqlIn, type Tx } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { compileSchedule } from '../schedules/compile.ts';
import { refuseSecrets } from '../secrets/check-uses.ts';
import { nextFire } from '../schedules/fires.ts';
import { countsFromEnd, tickAfterEnd } from '../schedules/from-end.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { channelsNamedBy, refuseUnknownChannels } from '../channels/known-channels.ts';
import { JobDefinition } from './definition.ts';
import { placeholdersWithoutParameter } from './placeholders.ts';
import { secretsOutOfPlace } from './secret-uses.ts';

/**
 * Reads a definition that somebody wants to save: what its schema says, and what holds between its parts. Every problem
 * is told at its field.
 */
export function checkDefinition(input: unknown): Outcome<JobDefinition> {
  const parsed = JobDefinition.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const definition = parsed.data;
  const fields = [
    ...kindThatIsOff(definition),
    ...parametersWithoutDefault(definition),
    ...placeholdersWithoutParameter(definition),
    ...secretsOutOfPlace(definition),
    ...circuitThatCannotBe(definition),
    ...nobodyChosen(definition),
  ];
  const [first] = fields;
  return first ? refuse('invalid', first.message, fields) : done(definition);
}

/** What can only be said beside the other jobs, the queues and the secrets; null when nothing is wrong. */
export async function checkAgainstOthers(
  tx: Tx,
  definition: JobDefinition,
  jobId: number | null,
): Promise<Refused | null> {
  const { key, queue, messages } = definition;
  const holder = await tx.job.findFirst({ where: { key, deletedAt: null }, select: { id: true } });
  if (holder && holder.id !== jobId) return keyTaken(key);
  const known = await tx.queue.findUnique({ where: { name: queue }, select: { name: true } });
  if (known) {
    const named = await channelsNamedBy(tx, jobId);
    const unknown = await refuseUnknownChannels(tx, messages, named);
    return unknown ?? refuseSecrets(sqlIn(tx), definition);
  }
  const queues = await tx.queue.findMany({ select: { name: true }, orderBy: { name: 'asc' } });
  const names = queues.map(({ name }) => name).join(', ');
  const message = `There is no queue ${queue}. Choose one of ${names}, or make it first.`;
  return refuse('invalid', message, [{ path: ['queue'], message }]);
}

export function keyTaken(key: string): Refused {
  const message = `There is already a job with the key ${key}. Choose another one.`;
  return refuse('invalid', message, [{ path: ['key'], message }]);
}

type Problem = { path: (string | number)[]; message: string };

function kindThatIsOff({ work }: JobDefinition): Problem[] {
  const kinds = environment().PUNCTUAL_KINDS;
  if (kinds.length === 0 || kinds.includes(work.kind)) return [];
  const message = `Jobs of the kind ${work.kind} are switched off here (PUNCTUAL_KINDS). Choose ${kinds.join(' or ')}.`;
  return [{ path: ['work', 'kind'], message }];
}

function circuitThatCannotBe({ circuit, work }: JobDefinition): Problem[] {
  if (circuit === null) return [];
  const problems: Problem[] = [];
  if (circuit.per === 'host' && work.kind !== 'http') {
    const message =
      'Only jobs that make HTTP requests share the circuit of a host. Choose the job’s own.';
    problems.push({ path: ['circuit', 'per'], message });
  }
  if (circuit.longestOpenMs < circuit.openMs) {
    const message = 'It is open for at least as long as the first time. Give more.';
    problems.push({ path: ['circuit', 'longestOpenMs'], message });
  }
  return problems;
}

function nobodyChosen({ messages }: JobDefinition): Problem[] {
  const { use, channels, on } = messages;
  if (use !== 'channels') return [];
  if (channels.length === 0) {
    const message = 'Choose at least one channel, or that nobody is told.';
    return [{ path: ['messages', 'channels'], message }];
  }
  if (on.length > 0 && !on.every((told) => told === 'recovered')) return [];
  const message = 'Choose what they are told of, or that nobody is told.';
  return [{ path: ['messages', 'on'], message }];
}

function parametersWithoutDefault({ schedule, parameters }: JobDefinition): Problem[] {
  if (schedule.type === 'manual') return [];
  return parameters.flatMap((parameter, index) =>
    parameter.default === null
      ? [
          {
            path: ['parameters', index, 'default'],
            message: `A schedule can’t ask for a value: give ${parameter.name} a default, or make the job manual.`,
          },
        ]
      : [],
  );
}

/**
 * A schedule that never fires any more, which nobody would save on purpose; null where it does, or where it is the one
 * that the job had: the notes of a job that has ended can be edited.
 */
export function refuseScheduleThatIsOver(
  { schedule }: JobDefinition,
  before: JobDefinition | null,
  now: Date,
): Refused | null {
  if (schedule.type === 'manual' || isDeepStrictEqual(schedule, before?.schedule)) return null;
  if (!isOver(schedule, now)) return null;
  const message = 'This schedule never fires any more. Change it, or make the job manual.';
  return refuse('invalid', message, [{ path: ['schedule'], message }]);
}

function isOver(schedule: Schedule, now: Date): boolean {
  if (!countsFromEnd(schedule)) return nextFire(compileSchedule(schedule), now) === null;
  return tickAfterEnd(schedule, { lastEndMs: null, nowMs: now.getTime() }) === null;
}
