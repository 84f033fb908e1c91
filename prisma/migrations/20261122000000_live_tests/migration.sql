-- Those that wait or run, for the counts that leave tests out: among a million waiting runs they were looked for one by one.
CREATE INDEX run_live_tests ON run_live (scheduled_for) INCLUDE (job_id, state) WHERE trigger = 'test';
