-- Each claim writes every index of the live partition anew, 2 to 3 µs a run: of these one says what both did.
DROP INDEX run_live_running_queue;
DROP INDEX run_live_running;
CREATE INDEX run_live_running ON run_live (queue, worker_id) WHERE state = 'running';

-- Copied from the revision as well: what may run twice can be claimed ahead of a free slot, since it is none the worse for a
-- worker that dies before it has begun.
ALTER TABLE run ADD COLUMN may_run_twice boolean NOT NULL DEFAULT false;
