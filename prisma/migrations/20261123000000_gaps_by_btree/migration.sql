-- PostgreSQL may mark entries of a GiST index as dead whose rows live, where a query looks into the index several times
-- while its first page splits: afterwards they aren't found any more (decision 45). So the indexes that keep stretches from
-- overlapping are written in a way that nothing else asks for, and what reads gaps does it by B-trees. Made anew, they also
-- find again what was lost.
ALTER TABLE gap
  DROP CONSTRAINT gap_no_overlap,
  ADD CONSTRAINT gap_no_overlap EXCLUDE USING gist ((job_id + 0) WITH =, tstzrange(lower(span), upper(span)) WITH &&);
ALTER TABLE backfill
  DROP CONSTRAINT backfill_no_overlap,
  ADD CONSTRAINT backfill_no_overlap EXCLUDE USING gist ((job_id + 0) WITH =, tstzrange(from_at, to_at) WITH &&)
    WHERE (state IN ('running', 'paused'));

-- Where a gap ends (core/gaps/overlap.sql.ts), of one job and of all.
DROP INDEX gap_by_end;
CREATE INDEX gap_by_end ON gap (job_id, (coalesce(upper(span), 'infinity'::timestamptz)));
CREATE INDEX gap_end ON gap ((coalesce(upper(span), 'infinity'::timestamptz)));
