-- The trail is chained by hash and only added to (docs/audit.md). Nothing outside refers to these tables and they refer to
-- nothing outside, so that no CASCADE reaches them.

-- Whose account, where a person did it: names change and come twice. Which job it is about, also of its runs.
ALTER TABLE audit_entry ADD COLUMN actor_id text, ADD COLUMN job_id integer;

UPDATE audit_entry e SET job_id = j.id
  FROM (SELECT DISTINCT ON (key) key, id FROM job ORDER BY key, deleted_at IS NULL DESC, id DESC) j
 WHERE e.subject = 'job:' || j.key;
UPDATE audit_entry e SET job_id = (
  SELECT r.job_id FROM run r WHERE r.id = substring(e.subject FROM '^run:([0-9]{1,15})$')::bigint LIMIT 1)
 WHERE e.subject ~ '^run:[0-9]{1,15}$';

-- Pages go by id, newest first.
CREATE INDEX audit_entry_job_id_id_idx ON audit_entry (job_id, id DESC);
CREATE INDEX audit_entry_actor_id_idx ON audit_entry (actor, id DESC);
CREATE INDEX audit_entry_action_id_idx ON audit_entry (action, id DESC);
DROP INDEX audit_entry_subject_at_idx;
CREATE INDEX audit_entry_subject_id_idx ON audit_entry (subject, id DESC);

-- One row an entry, in the order in which a worker sealed them, which may differ from that of their ids: an entry with a
-- lower id may be committed after a higher one was sealed.
CREATE TABLE audit_seal (
  seq       bigint PRIMARY KEY,
  entry_id  bigint NOT NULL,
  digest    text NOT NULL,
  hash      text NOT NULL,
  sealed_at timestamptz(3) NOT NULL,
  CONSTRAINT audit_seal_form CHECK (seq > 0 AND digest ~ '^[0-9a-f]{64}$' AND hash ~ '^[0-9a-f]{64}$')
);
CREATE UNIQUE INDEX audit_seal_entry_id_key ON audit_seal (entry_id);

-- The newest seal, kept apart from the chain: without it a tail that was cut off wouldn't show. And when the chain was
-- last walked, up to which seal, with how many findings.
CREATE TABLE audit_head (
  id           integer PRIMARY KEY DEFAULT 1,
  seq          bigint NOT NULL DEFAULT 0,
  hash         text NOT NULL DEFAULT '',
  sealed_at    timestamptz(3),
  verified_at  timestamptz(3),
  verified_seq bigint,
  findings     integer,
  CONSTRAINT audit_head_is_one CHECK (id = 1),
  CONSTRAINT audit_head_form CHECK (seq >= 0 AND (seq = 0) = (hash = '')),
  CONSTRAINT audit_head_verified CHECK ((verified_at IS NULL) = (verified_seq IS NULL) AND (verified_at IS NULL) = (findings IS NULL))
);
INSERT INTO audit_head DEFAULT VALUES;

-- Entries that wait for their seal. Writers add to it and never wait for each other; the sealer takes from it.
CREATE TABLE audit_pending (
  entry_id bigint PRIMARY KEY
);
INSERT INTO audit_pending (entry_id) SELECT id FROM audit_entry;

CREATE FUNCTION audit_entry_pending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_pending (entry_id) SELECT id FROM made ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER audit_entry_pending AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_pending();

-- Holds for whoever doesn't own the tables; an owner can switch it off, which is why the application should be none.
CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is only added to: % on % is refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_entry_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_stands();
CREATE TRIGGER audit_seal_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_stands();
