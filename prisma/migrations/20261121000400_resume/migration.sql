-- A pause may have an end, and says then what is to run of what fell into it.
ALTER TABLE job
  ADD COLUMN pause_until   timestamptz(3),
  ADD COLUMN resume_answer jsonb,
  ADD CONSTRAINT job_pause_until CHECK (pause_until IS NULL OR (paused_at IS NOT NULL AND resume_answer IS NOT NULL));
CREATE INDEX job_to_resume ON job (pause_until) WHERE ((pause_until IS NOT NULL) AND (deleted_at IS NULL));

-- The runs that stand for a tick which isn't theirs: what was made up for, of the ticks of a gap.
CREATE INDEX run_done_for_tick ON run_done (job_id, for_tick) WHERE for_tick IS NOT NULL;
CREATE INDEX run_live_for_tick ON run_live (job_id, for_tick) WHERE for_tick IS NOT NULL;
