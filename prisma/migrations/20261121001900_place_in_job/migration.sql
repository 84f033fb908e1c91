-- The order in which a job's runs take their turns, what runs first (core/runs/order-in-job.sql.ts): whether anything goes
-- before a run is one look, and the first of each job is found without the rest, however many wait. Indexes carry no rights.
CREATE INDEX run_live_in_job ON run_live
  (job_id, (worker_id IS NULL), (trigger = 'backfill'), (attempt = 0), due_at, id) WHERE hold IS NULL;

-- What is held is counted queue by queue, on every look at the queues; without this the whole of what waits was read.
CREATE INDEX run_live_held ON run_live (queue) WHERE hold IS NOT NULL;
