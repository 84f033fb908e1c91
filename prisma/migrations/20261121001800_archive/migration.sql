-- ── What went, and where to ─────────────────────────────────────────────────────────────────────────────────

-- A month whose history was archived, or went: twelve rows a year, kept for ever. What a month held says it as well once
-- its partitions are gone. All four tables are the application's own, as those that it drops are (prisma/application-role.ts).
CREATE TABLE history_month (
  month           date PRIMARY KEY,
  runs            bigint,
  attempts        bigint,
  log_chunks      bigint,
  gaps            bigint,
  log_bytes       bigint,
  -- Ids follow time, so that the month of a run that is gone can be told.
  first_run_id    bigint,
  last_run_id     bigint,
  -- When archiving began: a row that came later isn't in the archive.
  begun_at        timestamptz(3),
  archived_at     timestamptz(3),
  -- Where it lies, and the hash of the manifest as it was read back.
  archive         text,
  manifest_sha256 text,
  stored_bytes    bigint,
  -- From then on the ledger doesn't count on it any more; its partitions go right after.
  dropped_at      timestamptz(3),
  -- It was brought back to be read, until then.
  restored_at     timestamptz(3),
  restored_by     text,
  restored_until  timestamptz(3),
  CONSTRAINT history_month_is_first_day CHECK (extract(day FROM month) = 1),
  CONSTRAINT history_month_archived CHECK (
    (archived_at IS NULL) = (archive IS NULL) AND (archived_at IS NULL) = (manifest_sha256 IS NULL)),
  CONSTRAINT history_month_restored CHECK (
    (restored_at IS NULL) = (restored_until IS NULL) AND (restored_at IS NULL OR (archived_at IS NOT NULL AND dropped_at IS NOT NULL)))
);

-- Parts of the month that is being archived, each written once it is stored: whoever goes on after a crash begins behind the
-- last of them. They go when the manifest, which lists them, is stored.
CREATE TABLE archive_part (
  month        date NOT NULL,
  content      text NOT NULL,
  number       integer NOT NULL,
  rows         bigint NOT NULL,
  raw_bytes    bigint NOT NULL,
  stored_bytes bigint NOT NULL,
  sha256       text NOT NULL,
  first_id     bigint NOT NULL,
  last_id      bigint NOT NULL,
  -- Of attempts their number, of log chunks their place; 0 of what has an id of its own.
  last_number  integer NOT NULL,
  CONSTRAINT archive_part_pkey PRIMARY KEY (month, content, number),
  CONSTRAINT archive_part_content_known CHECK (content IN ('runs', 'attempts', 'logs', 'gaps')),
  CONSTRAINT archive_part_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$')
);

-- Where months go before they are dropped, as a worker with an archive announced it; NULL: nowhere. While it is set no
-- worker drops a month that isn't archived, not even one that knows of no archive.
CREATE TABLE archive (
  id            integer PRIMARY KEY DEFAULT 1,
  place         text,
  -- The latest time that it took something, or was seen to be there.
  reached_at    timestamptz(3),
  failing_since timestamptz(3),
  failure       text,
  CONSTRAINT archive_is_one CHECK (id = 1),
  CONSTRAINT archive_failure CHECK ((failing_since IS NULL) = (failure IS NULL))
);
INSERT INTO archive DEFAULT VALUES;

-- ── Per job ─────────────────────────────────────────────────────────────────────────────────────────────────

-- At most so many finished runs are kept. NULL: as many as there are.
ALTER TABLE job ADD COLUMN keep_runs integer,
  ADD CONSTRAINT job_keep_runs CHECK (keep_runs BETWEEN 1 AND 100000);

-- From where on the ledger of a job is whole, where its own rule took something away. Only moves forward; apart from the
-- job's row, so that pruning waits for no planner and no edit.
CREATE TABLE job_history (
  job_id    integer PRIMARY KEY,
  kept_from timestamptz(3) NOT NULL
);
