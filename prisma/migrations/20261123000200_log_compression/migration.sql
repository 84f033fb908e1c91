-- Log chunks are compressed by lz4 where the server was built with it (decision 46), from the next chunk on. What was
-- compressed by PostgreSQL's own method is read as before.
DO $$
DECLARE
  part regclass;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    RETURN;
  END IF;
  -- The months that are made take it over from their parent.
  FOR part IN SELECT relid FROM pg_partition_tree('log_chunk') LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN body SET COMPRESSION lz4', part);
  END LOOP;
END $$;
