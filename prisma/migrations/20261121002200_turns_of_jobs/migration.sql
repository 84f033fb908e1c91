-- The jobs that wait in a queue at one priority, one after the other, each with its first run: so that a claim finds the
-- others behind a burst of one job (core/runs/candidates.sql.ts). What is claimed leaves it: a claim writes nothing here.
CREATE INDEX run_live_turns ON run_live (queue, priority, job_id, due_at, id) WHERE state = 'queued' AND hold IS NULL;
