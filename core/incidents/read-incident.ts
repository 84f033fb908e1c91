import { z } from 'zod';
import { isJobFor } from '../jobs/job-for.ts';
import { type Actor, authorizeForSome } from '../auth/permissions.ts';
import { sqlOf } from '../db.ts';
import { fromAddress, JobId } from '../ids.ts';
import { done, type Outcome } from '../outcome.ts';
import { webPool } from '../prisma.ts';
import type { IncidentKind } from './incident.ts';

export type ToldState = 'sent' | 'waiting' | 'retrying' | 'failed';

/** A job's open incident, and who has been told of it. */
export type OpenIncident = {
  kind: IncidentKind;
  since: string;
  runs: number;
  missed: number;
  /** By channel; `retrying`: tried in vain so far. */
  told: { channel: string; state: ToldState; at: string | null }[];
};

export const ReadIncident = z.object({ jobId: fromAddress(JobId) });

export async function readOpenIncident(
  actor: Actor,
  { jobId }: z.output<typeof ReadIncident>,
): Promise<Outcome<OpenIncident | null>> {
  authorizeForSome(actor, 'job:read');
  const sql = sqlOf(webPool());
  if (!(await isJobFor(sql, actor, 'job:read', jobId))) return done(null);
  const [row] = await sql<Row>(READ_OPEN, [jobId]);
  if (!row) return done(null);
  const { sinceMs, told, ...incident } = row;
  return done({
    ...incident,
    since: new Date(sinceMs).toISOString(),
    told: told.map(({ channel, state, atMs }) => ({
      channel,
      state,
      at: atMs === null ? null : new Date(atMs).toISOString(),
    })),
  });
}

type Row = Omit<OpenIncident, 'since' | 'told'> & {
  sinceMs: number;
  told: { channel: string; state: ToldState; atMs: number | null }[];
};

// A message that was said together with others arrived when the one that says them all did.
const READ_OPEN = `
SELECT i.kind, (extract(epoch FROM i.opened_at) * 1000)::bigint AS "sinceMs", i.runs, i.missed,
       coalesce((
         SELECT jsonb_agg(jsonb_build_object('channel', m.channel,
                  'state', CASE WHEN coalesce(s.state, m.state) IN ('sent', 'failed') THEN coalesce(s.state, m.state)
                    WHEN coalesce(s.answer, m.answer) IS NULL THEN 'waiting' ELSE 'retrying' END,
                  'atMs', (extract(epoch FROM coalesce(s.ended_at, m.ended_at)) * 1000)::bigint) ORDER BY m.channel)
           FROM message m LEFT JOIN message s ON s.id = m.said_in
          WHERE m.incident_id = i.id AND m.event = 'opened' AND m.state <> 'dropped'), '[]') AS told
  FROM incident i
 WHERE i.job_id = $1::int AND i.ended_at IS NULL`;
