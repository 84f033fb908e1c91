-- The stretch that a run was told when its last attempt began: after covers_from (NULL: from the beginning) up to and
-- including covers_to (NULL: no attempt has begun). A run that isn't for the whole of its job, a test or one with other
-- parameters than the job's own, leaves what the job has covered as it was.
ALTER TABLE run
  ADD COLUMN covers      boolean NOT NULL DEFAULT true,
  ADD COLUMN covers_from timestamptz(3),
  ADD COLUMN covers_to   timestamptz(3),
  ADD CONSTRAINT run_stretch CHECK (covers_from < covers_to),
  ADD CONSTRAINT run_test_is_apart CHECK (trigger <> 'test' OR (NOT covers AND for_tick IS NULL));

-- How far a job has come. One row a job, written by each success: no reference to job, whose row an edit locks before
-- it locks the job's runs, while the end of an attempt holds its run already.
CREATE TABLE job_progress (
  job_id         integer PRIMARY KEY,
  -- All up to here was covered by runs that succeeded; NULL: none has.
  covered_until  timestamptz(3),
  covered_by     bigint,
  -- The state's present version, and the last one that a person wrote; 0: there is none.
  state_version  integer NOT NULL DEFAULT 0,
  edited_version integer NOT NULL DEFAULT 0,
  CONSTRAINT job_progress_is_by_run CHECK ((covered_until IS NULL) = (covered_by IS NULL)),
  CONSTRAINT job_progress_versions CHECK (edited_version >= 0 AND state_version >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_cost_delay = 0);

-- What a job keeps between runs, the last 50 versions. Written by a run (for its tick) or by a person.
CREATE TABLE job_state (
  job_id        integer NOT NULL,
  version       integer NOT NULL,
  body          text NOT NULL,
  run_id        bigint,
  tick          timestamptz(3),
  written_by    text,
  reason        text NOT NULL DEFAULT '',
  restored_from integer,
  written_at    timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (job_id, version),
  CONSTRAINT job_state_size CHECK (octet_length(body) <= 65536),
  CONSTRAINT job_state_has_writer CHECK ((run_id IS NULL) <> (written_by IS NULL))
);
