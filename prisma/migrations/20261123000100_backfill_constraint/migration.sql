-- Of backfills the same, in a migration of its own: who holds both tables takes them in the other order as well. Those that
-- run or are paused have no end (backfill_ended), which no statement asks for.
ALTER TABLE backfill
  DROP CONSTRAINT backfill_no_overlap,
  ADD CONSTRAINT backfill_no_overlap EXCLUDE USING gist ((job_id + 0) WITH =, tstzrange(from_at, to_at) WITH &&)
    WHERE (ended_at IS NULL);
