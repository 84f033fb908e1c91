-- Of backfills the same, in a migration of its own: who holds both tables takes them in the other order as well. Those that
-- run or are paused have no end (backfill_ended), which no statement asks for.
ALTER TABLE backfill DROP CONSTRAINT backfill_no_overlap;
-- One that couldn't be found was begun over: the newer ends, as by hand.
UPDATE backfill b SET state = 'cancelled', changed_by = 'Punctual', ended_at = clock_timestamp()
 WHERE ended_at IS NULL
   AND EXISTS (SELECT FROM backfill o WHERE o.job_id = b.job_id AND o.id < b.id AND o.ended_at IS NULL
                                        AND o.from_at < b.to_at AND o.to_at > b.from_at);
ALTER TABLE backfill
  ADD CONSTRAINT backfill_no_overlap EXCLUDE USING gist ((job_id + 0) WITH =, tstzrange(from_at, to_at) WITH &&)
    WHERE (ended_at IS NULL);
