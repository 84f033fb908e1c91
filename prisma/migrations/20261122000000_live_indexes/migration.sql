-- Told apart from the indexes of a queue's waiting runs by its words: a statement that asks for those of one queue, planned
-- while all but nothing waited, read all that is due in it. Dropping comes first, for it takes the whole table: a lock that
-- is raised on the way waits for those who wait for it.
DROP INDEX run_live_due;
CREATE INDEX run_live_due ON run_live (due_at) WHERE coalesce(worker_id, 0) = 0 AND hold IS NULL;

-- Those that wait or run, for the counts that leave tests out: among a million waiting runs they were looked for one by one.
CREATE INDEX run_live_tests ON run_live (scheduled_for) INCLUDE (job_id, state) WHERE trigger = 'test';
