import { z } from 'zod';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { fromAddress, JobId } from '../ids.ts';
import { isJobFor } from '../jobs/job-for.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';
import {
  readProgress,
  readStateBody,
  readStateVersions,
  type StateVersionRow,
} from './job-state.sql.ts';

/** What a job keeps between runs, and how far it has come. Instants are ISO 8601 in UTC. */
export type JobStateView = {
  /** All up to here was covered by runs that succeeded; null: none has. */
  coveredUntil: string | null;
  coveredBy: number | null;
  /** The newest version; 0: the job has never kept anything. */
  version: number;
  versions: StateVersion[];
  /** The version that was asked for, else the newest; null when there is none. */
  shown: { version: number; body: string } | null;
  /** The version that was asked for and isn't kept any more; the newest is shown instead. */
  missing: number | null;
};

export type StateVersion = Omit<StateVersionRow, 'tick' | 'writtenAt'> & {
  tick: string | null;
  writtenAt: string;
};

export const ReadJobState = z.object({
  jobId: fromAddress(JobId),
  version: fromAddress(z.int().min(1).max(2_147_483_647)).optional(),
});

export async function readJobState(
  actor: Actor,
  input: z.input<typeof ReadJobState>,
): Promise<Outcome<JobStateView>> {
  authorizeForSome(actor, 'job:read');
  const parsed = ReadJobState.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const { jobId, version: asked } = parsed.data;
  const sql = sqlOf(webPool());
  const isKnown = await isJobFor(sql, actor, 'job:read', jobId);
  const [progress, versions] = isKnown
    ? await Promise.all([readProgress(sql, jobId), readStateVersions(sql, jobId)])
    : [null, []];
  const newest = versions[0]?.version ?? 0;
  const isKept = asked !== undefined && versions.some(({ version }) => version === asked);
  const version = isKept ? asked : newest;
  const body = version === 0 ? undefined : await readStateBody(sql, jobId, version);
  return done({
    coveredUntil: progress?.coveredUntil?.toISOString() ?? null,
    coveredBy: progress?.coveredBy ?? null,
    version: newest,
    versions: versions.map((row) => ({
      ...row,
      tick: row.tick?.toISOString() ?? null,
      writtenAt: row.writtenAt.toISOString(),
    })),
    shown: body === undefined ? null : { version, body },
    missing: isKept ? null : (asked ?? null),
  });
}
