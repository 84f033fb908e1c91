-- What a person may do: a list of { role, label | null, extra } in place of one role (core/auth/grants.ts).
ALTER TABLE "user" ADD COLUMN grants jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(grants) = 'array');
ALTER TABLE invitation ADD COLUMN grants jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(grants) = 'array');

UPDATE "user" SET grants = CASE role
  WHEN 'admin' THEN '[{"role": "admin", "label": null, "extra": []}]'::jsonb
  ELSE '[{"role": "viewer", "label": null, "extra": ["log:read", "job:read_parameters"]}]'::jsonb END;
UPDATE invitation SET grants = CASE role
  WHEN 'admin' THEN '[{"role": "admin", "label": null, "extra": []}]'::jsonb
  ELSE '[{"role": "viewer", "label": null, "extra": ["log:read", "job:read_parameters"]}]'::jsonb END;

ALTER TABLE "user" DROP COLUMN role;
ALTER TABLE invitation DROP COLUMN role;
