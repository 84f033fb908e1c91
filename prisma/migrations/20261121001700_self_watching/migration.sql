-- Every table here becomes the application's own, like the ledger: workers write them, and none holds what the trail says.

-- ── Trouble of Punctual's own ───────────────────────────────────────────────────────────────────────────────

-- An incident is a job's, or the installation's: then `trouble` names the check that is bad (core/health/checks.ts).
ALTER TABLE incident ALTER COLUMN job_id DROP NOT NULL;
ALTER TABLE incident ADD COLUMN trouble text;
ALTER TABLE incident DROP CONSTRAINT incident_kind_known;
ALTER TABLE incident ADD CONSTRAINT incident_kind_known
  CHECK (kind IN ('failed', 'timed_out', 'lost', 'missed', 'auto_paused', 'trouble'));
ALTER TABLE incident ADD CONSTRAINT incident_of_one
  CHECK ((job_id IS NULL) = (trouble IS NOT NULL) AND (kind = 'trouble') = (trouble IS NOT NULL));
-- However many processes watch, one trouble is told once.
CREATE UNIQUE INDEX incident_trouble_open ON incident (trouble) WHERE ((trouble IS NOT NULL) AND (ended_at IS NULL));

-- ── What workers say of themselves ──────────────────────────────────────────────────────────────────────────

-- With each heartbeat: the passes of its duties, and when it last started something in which queue. Lengths of time, no
-- instants, so that the worker's clock has no say (core/health/worker-report.ts).
ALTER TABLE worker ADD COLUMN report jsonb NOT NULL DEFAULT '{}';

-- ── How late ticks start ────────────────────────────────────────────────────────────────────────────────────

-- How many ticks started in a minute, by how late. A day is at most some 10,000 rows however many runs there are:
-- percentiles read from the runs themselves would take longer the more there are.
CREATE TABLE start_lag (
  minute timestamptz(3) NOT NULL,
  -- They had to wait for a queue, a slot, a rate, a circuit or a run before them, and not for Punctual.
  waited boolean NOT NULL,
  -- Of core/health/lag.ts: each is 19 % wider than the one before it.
  bucket smallint NOT NULL,
  starts integer NOT NULL,
  PRIMARY KEY (minute, waited, bucket)
);

-- ── How large the database grows ────────────────────────────────────────────────────────────────────────────

CREATE TABLE database_size (
  day   date PRIMARY KEY,
  at    timestamptz(3) NOT NULL DEFAULT now(),
  bytes bigint NOT NULL
);
