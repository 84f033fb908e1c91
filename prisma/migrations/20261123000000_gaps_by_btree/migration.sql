-- PostgreSQL may mark entries of a GiST index as dead whose rows live, where a query looks into the index several times
-- while its first page splits: afterwards they aren't found any more (decision 45). So the index that keeps gaps from
-- overlapping is written in a way that nothing else asks for, and what reads gaps does it by B-trees. Made anew, it also
-- finds again what was lost.
ALTER TABLE gap DROP CONSTRAINT gap_no_overlap;

-- An open gap that wasn't found when its pause ended. Nothing is paused there now, or a newer one is open: it ends at the
-- first tick that ran again, at the latest where a newer gap begins. That of a pause which lasts stays open.
WITH lost AS (
  SELECT o.id, lower(o.span) AS begins, least(
           (SELECT min(lower(n.span)) FROM gap n
             WHERE n.job_id = o.job_id AND n.id > o.id AND lower(n.span) > lower(o.span)),
           (SELECT min(r.scheduled_for) FROM run r
             WHERE r.is_live IN (true, false) AND r.job_id = o.job_id AND r.trigger = 'tick' AND r.scheduled_for >= lower(o.span)
               AND NOT (r.state = 'cancelled' AND r.attempt = 0 AND r.finished_at < r.scheduled_for))) AS ends
    FROM gap o JOIN job j ON j.id = o.job_id CROSS JOIN installation i
   WHERE upper_inf(o.span)
     AND (j.deleted_at IS NOT NULL OR NOT j.has_schedule OR j.paused_at IS NULL AND i.paused_at IS NULL
          OR EXISTS (SELECT FROM gap n WHERE n.job_id = o.job_id AND n.id > o.id AND upper_inf(n.span)
                                         AND lower(n.span) > lower(o.span)))
), without_ticks AS (
  DELETE FROM gap g USING lost WHERE g.id = lost.id AND lost.ends <= lost.begins
)
UPDATE gap g SET span = tstzrange(lost.begins, lost.ends) FROM lost WHERE g.id = lost.id AND lost.ends > lost.begins;
-- What was written over a gap that couldn't be found: the older stays, and the newer keeps what is left of it, counted anew.
WITH told AS (
  SELECT job_id, lower(span) < max(coalesce(upper(span), 'infinity')) OVER (
           PARTITION BY job_id ORDER BY lower(span), id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS is_doubled
    FROM gap
), doubled AS (
  SELECT g.id, tstzmultirange(g.span) - older.spans AS rest
    FROM gap g
   CROSS JOIN LATERAL (
     SELECT range_agg(o.span) AS spans FROM gap o WHERE o.job_id = g.job_id AND o.id < g.id AND o.span && g.span) AS older
   WHERE g.job_id IN (SELECT job_id FROM told WHERE is_doubled) AND older.spans IS NOT NULL
), gone AS (
  DELETE FROM gap g USING doubled d WHERE g.id = d.id RETURNING g.*, d.rest
)
INSERT INTO gap (job_id, revision, span, reason, note, created_by, created_at, blackout_id, covered_by, to_cover)
SELECT g.job_id, g.revision, piece, g.reason, g.note, g.created_by, g.created_at, g.blackout_id, g.covered_by, g.to_cover
  FROM gone g CROSS JOIN LATERAL unnest(g.rest) AS piece;

ALTER TABLE gap
  ADD CONSTRAINT gap_no_overlap EXCLUDE USING gist ((job_id + 0) WITH =, tstzrange(lower(span), upper(span)) WITH &&);

-- Where a gap ends: of one job, and of all. The second is written so that nothing that names a job reads it.
DROP INDEX gap_by_end;
CREATE INDEX gap_by_end ON gap (job_id, (coalesce(upper(span), 'infinity'::timestamptz)));
CREATE INDEX gap_end ON gap ((least(coalesce(upper(span), 'infinity'::timestamptz), 'infinity'::timestamptz)));
ANALYZE gap;
