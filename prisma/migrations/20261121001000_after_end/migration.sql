-- What a job's row copies of its revision: its ticks are counted from the end of its last run.
ALTER TABLE job ADD COLUMN counts_from_end boolean NOT NULL DEFAULT false;
-- When its last tick's run had ended as far as somebody planned by it: history may be gone before the next one is due.
-- Whoever resumes it and lets nothing be made up for moves it on to then.
ALTER TABLE job ADD COLUMN last_end_at timestamptz(3);
CREATE INDEX job_after_end ON job (next_tick_at)
  WHERE (counts_from_end AND (deleted_at IS NULL) AND (paused_at IS NULL));
