import { z } from 'zod';
import { auditAll } from '../audit/audit.ts';
import { authorizeAll, knownTo } from '../auth/of-jobs.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { announce, signalWorkers } from '../events/events.ts';
import { JobId } from '../ids.ts';
import { done, type Outcome, refuse } from '../outcome.ts';
import { inTransaction } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import { CLOSED } from './circuit.ts';
import {
  lockCircuits,
  lockJobsOfCircuit,
  readCircuitOfJob,
  readJobsOfCircuit,
  writeCircuits,
} from './circuits.sql.ts';

export const CloseCircuit = z.object({ jobId: JobId });

/**
 * Closes the circuit that a job goes by: it is tried again at its next tick, with every job that shares a host's. What
 * failed before counts no more. Closing one that is closed changes nothing. It takes the right to pause each of the jobs
 * that share it.
 */
export async function closeCircuit(
  actor: Actor,
  input: z.input<typeof CloseCircuit>,
): Promise<Outcome<{ isChanged: boolean; jobs: number }>> {
  authorizeForSome(actor, 'job:pause');
  const parsed = CloseCircuit.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId } = parsed.data;
  return inTransaction(async (_tx, sql) => {
    const known = await readCircuitOfJob(sql, jobId);
    if (!known) return done({ isChanged: false, jobs: 0 });
    // Jobs before circuits, as everywhere. One that joins meanwhile is asked for below.
    await lockJobsOfCircuit(sql, known.id);
    const target = known.host === null ? { jobId } : { host: known.host };
    const [row] = await lockCircuits(sql, [target], []);
    const open = row?.circuit.open ?? null;
    if (!row || open === null) return done({ isChanged: false, jobs: 0 });
    const jobs = await readJobsOfCircuit(sql, row.id);
    const own = jobs.find(({ id }) => id === jobId);
    if (!own) return refuse('not_found', 'There is no such job: somebody deleted it.');
    // As for a job that never was, which goes by no circuit.
    if (knownTo(actor, [own]).length === 0) return done({ isChanged: false, jobs: 0 });
    authorizeAll(actor, 'job:pause', jobs);
    await writeCircuits(sql, [{ id: row.id, circuit: CLOSED }]);
    await auditAll(sql, actor, [
      {
        action: 'circuit.close',
        subject: row.host === null ? `job:${own.key}` : `host:${row.host}`,
        before: {
          openedAt: new Date(open.openedAtMs).toISOString(),
          openUntil: new Date(open.untilMs).toISOString(),
          cause: open.cause,
        },
        after: { jobs: jobs.slice(0, 100).map(({ key }) => key) },
      },
    ]);
    await announce(
      sql,
      'job',
      jobs.map(({ id }) => id),
    );
    await signalWorkers(sql, 'look');
    return done({ isChanged: true, jobs: jobs.length });
  });
}
