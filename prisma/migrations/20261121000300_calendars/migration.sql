-- Calendars of business days. A revision never changes: a job's revision names the one that it fires by, so what has
-- passed is always reckoned with the calendar that was valid then. A deleted calendar keeps its revisions for that.
CREATE TABLE calendar (
  key        text PRIMARY KEY,
  name       text NOT NULL,
  revision   integer NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  deleted_at timestamptz(3),
  CONSTRAINT calendar_key_form CHECK (key ~ '^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$'),
  CONSTRAINT calendar_revision_counts CHECK (revision >= 1)
);

CREATE TABLE calendar_revision (
  calendar_key text NOT NULL REFERENCES calendar (key) ON DELETE RESTRICT ON UPDATE CASCADE,
  number       integer NOT NULL,
  name         text NOT NULL,
  definition   jsonb NOT NULL,
  note         text NOT NULL DEFAULT '',
  created_by   text NOT NULL,
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (calendar_key, number)
);

-- Copied from the current revision's schedule, as queue and kind are.
ALTER TABLE job ADD COLUMN calendar text REFERENCES calendar (key) ON DELETE RESTRICT ON UPDATE CASCADE;
CREATE INDEX job_calendar_idx ON job (calendar) WHERE (calendar IS NOT NULL);
