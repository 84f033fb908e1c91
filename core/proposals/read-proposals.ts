import { z } from 'zod';
import { type Actor, may, scopeOf } from '../auth/permissions.ts';
import { inScope, scopeParameter } from '../auth/scope.sql.ts';
import { sqlOf } from '../db.ts';
import { fromAddress, JobId } from '../ids.ts';
import { JobDefinition } from '../jobs/definition.ts';
import { hideDefaults } from '../jobs/hidden-parameters.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import { refuseInvalid } from '../refuse-invalid.ts';

/** An edit that waits, as a list shows it; `proposedAt` is ISO 8601. */
export type WaitingEdit = {
  id: number;
  jobId: number;
  jobKey: string;
  proposedBy: string;
  proposedAt: string;
  note: string;
};

type Row = Omit<WaitingEdit, 'proposedAt'> & {
  proposedAt: Date;
  proposerId: string;
  basedOnRevision: number;
  definition: unknown;
  current: unknown;
  revision: number;
  labels: Record<string, string>;
};

/** All that waits for a second person and that the actor may see, the oldest first; at most 200. */
export async function listWaitingEdits(actor: Actor): Promise<WaitingEdit[]> {
  const rows = await sqlOf(webPool())<Row>(LIST_WAITING, [
    scopeParameter(scopeOf(actor, 'job:read')),
  ]);
  return rows.map(waiting);
}

export const ReadProposal = z.object({ jobId: fromAddress(JobId) });

/** The edit of a job that waits, beside what the job says now. */
export type Proposal = WaitingEdit & {
  basedOnRevision: number;
  /** Another revision was saved since: it can't be allowed any more. */
  isOvertaken: boolean;
  isOwn: boolean;
  /** Null: this version of Punctual can't read it. */
  before: JobDefinition | null;
  after: JobDefinition | null;
  /** Who asks may edit the job, so that they may decide. */
  mayDecide: boolean;
};

/** Null: none waits. */
export async function readProposal(
  actor: Actor,
  input: z.input<typeof ReadProposal>,
): Promise<Outcome<Proposal | null>> {
  const scope = scopeOf(actor, 'job:read');
  const parsed = ReadProposal.safeParse(input);
  if (!parsed.success) return refuseInvalid(parsed.error);
  const [row] = await sqlOf(webPool())<Row>(READ_ONE, [scopeParameter(scope), parsed.data.jobId]);
  if (!row) return done(null);
  const isOwn = actor.kind === 'user' && actor.id === row.proposerId;
  return done({
    ...waiting(row),
    basedOnRevision: row.basedOnRevision,
    isOvertaken: row.revision !== row.basedOnRevision,
    isOwn,
    before: hideDefaults(actor, row, JobDefinition.safeParse(row.current).data ?? null),
    after: hideDefaults(actor, row, JobDefinition.safeParse(row.definition).data ?? null),
    mayDecide: !isOwn && (may(actor, 'job:write', row) || may(actor, 'job:write_when', row)),
  });
}

function waiting({ id, jobId, jobKey, proposedBy, proposedAt, note }: Row): WaitingEdit {
  return { id, jobId, jobKey, proposedBy, proposedAt: proposedAt.toISOString(), note };
}

const FROM = `
  FROM proposal p JOIN job j ON j.id = p.job_id
 WHERE p.state = 'open' AND j.deleted_at IS NULL AND ${inScope('j.labels', '$1')}`;

const COLUMNS = `p.id, p.job_id AS "jobId", j.key AS "jobKey", p.proposed_by AS "proposedBy",
       p.proposed_at AS "proposedAt", p.note`;

const LIST_WAITING = `SELECT ${COLUMNS} ${FROM} ORDER BY p.proposed_at, p.id LIMIT 200`;

const READ_ONE = `
SELECT ${COLUMNS}, p.proposer_id AS "proposerId", p.based_on_revision AS "basedOnRevision", p.definition,
       j.revision, j.labels,
       (SELECT v.definition FROM revision v WHERE v.job_id = j.id AND v.number = j.revision) AS current
${FROM} AND p.job_id = $2`;
