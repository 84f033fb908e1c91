-- Indexes for those who read history. All are partial: a run that succeeds writes none of them.

-- What went otherwise than well, by state: a few thousand among millions.
CREATE INDEX run_done_by_state ON run_done (state, scheduled_for DESC, id DESC) WHERE state <> 'succeeded';
CREATE INDEX run_done_of_job_by_state ON run_done (job_id, state, scheduled_for DESC, id DESC) INCLUDE (trigger)
  WHERE state <> 'succeeded';

-- The retries of a run.
CREATE INDEX run_done_retry_of ON run_done (retry_of) WHERE retry_of IS NOT NULL;
CREATE INDEX run_live_retry_of ON run_live (retry_of) WHERE retry_of IS NOT NULL;
