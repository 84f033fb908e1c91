-- Since somebody last let a backfill go on: what went wrong before that doesn't stop it again.
ALTER TABLE backfill ADD COLUMN failures_from timestamptz(3) NOT NULL DEFAULT now();
