-- Whoever waited for another that made the same month looks for it in the catalog as it is now: to_regclass may answer from
-- what this session knew before it waited, and the month was then made a second time, with an error. Rights stay.
CREATE OR REPLACE FUNCTION make_month(month date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  suffix text := to_char(month, 'YYYY_MM');
  from_at timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
  to_at timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
  parent text;
  made boolean := false;
BEGIN
  FOREACH parent IN ARRAY ARRAY['run_done', 'attempt', 'log_chunk'] LOOP
    CONTINUE WHEN to_regclass(format('%I', parent || '_' || suffix)) IS NOT NULL;
    PERFORM pg_advisory_xact_lock(hashtext('make_month'));
    CONTINUE WHEN EXISTS (SELECT FROM pg_class WHERE relname = parent || '_' || suffix AND relkind = 'r');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', parent || '_' || suffix, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
      parent, parent || '_' || suffix, from_at, to_at);
    made := true;
  END LOOP;
  RETURN made;
END $$;
