-- Named values that jobs use and nobody is shown. Sealed by AES-256-GCM with the name as associated data
-- (core/secrets/key-ring.ts), under a key that isn't in the database: `key_id` names it, and tells whether a process has it.
CREATE TABLE secret (
  name       text PRIMARY KEY,
  key_id     text NOT NULL,
  sealed     bytea NOT NULL,
  -- Which jobs may use it, by key or by label; both empty: all.
  jobs       text[] NOT NULL DEFAULT '{}',
  labels     jsonb NOT NULL DEFAULT '[]',
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Whoever gave it its present value, and when.
  changed_by text NOT NULL,
  changed_at timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT secret_name CHECK (name ~ '^[A-Z][A-Z0-9_]{0,62}$'),
  CONSTRAINT secret_labels CHECK (jsonb_typeof(labels) = 'array')
);

-- Names of the secrets that the current revision uses.
ALTER TABLE job ADD COLUMN secrets text[] NOT NULL DEFAULT '{}';
-- Ids of the keys that a worker opens secrets with.
ALTER TABLE worker ADD COLUMN secret_keys text[] NOT NULL DEFAULT '{}';
