import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { environment } from '../environment.ts';
import { prisma } from '../prisma.ts';
import { KINDS, type KindName } from './kinds/kinds.ts';

/** What this installation gives to choose from when a job is made or edited. */
export type JobOptions = {
  queues: {
    name: string;
    description: string;
    maxRunning: number;
    maxWaiting: number;
    defaultTimeoutMs: number;
  }[];
  /** Kinds that are switched off here (PUNCTUAL_KINDS). */
  kindsOff: KindName[];
  /** How long history is kept where a job doesn't say otherwise. */
  retentionDays: number;
};

export async function readJobOptions(actor: Actor): Promise<JobOptions> {
  authorizeForSome(actor, 'job:read');
  authorizeForSome(actor, 'queue:read');
  const [queues, installation] = await Promise.all([
    prisma().queue.findMany({
      select: {
        name: true,
        description: true,
        maxRunning: true,
        maxWaiting: true,
        defaultTimeoutMs: true,
      },
      orderBy: { name: 'asc' },
    }),
    prisma().installation.findUniqueOrThrow({ where: { id: 1 }, select: { retentionDays: true } }),
  ]);
  const allowed = environment().PUNCTUAL_KINDS;
  return {
    queues,
    kindsOff: allowed.length === 0 ? [] : KINDS.filter((kind) => !allowed.includes(kind)),
    retentionDays: installation.retentionDays,
  };
}
