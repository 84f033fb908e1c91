-- A second factor (core/auth/second-factor.ts), and signing in through an identity provider (core/auth/provider.ts).
ALTER TABLE "user" ADD COLUMN two_factor_enabled boolean NOT NULL DEFAULT false;
-- Their grants are renewed from the provider's groups each time that they sign in, and not changed by hand.
ALTER TABLE "user" ADD COLUMN grants_from_provider boolean NOT NULL DEFAULT false;
-- May sign in with a password where that is switched off: the first admin, and whom `punctual admin reset` let in.
ALTER TABLE "user" ADD COLUMN is_password_kept boolean NOT NULL DEFAULT false;

-- Secret and recovery codes are encrypted with PUNCTUAL_AUTH_SECRET.
CREATE TABLE two_factor (
  id text PRIMARY KEY,
  user_id text NOT NULL UNIQUE REFERENCES "user" (id) ON UPDATE CASCADE ON DELETE CASCADE,
  secret text NOT NULL,
  backup_codes text NOT NULL,
  -- False until a first code proved that the person's device has the secret.
  verified boolean NOT NULL DEFAULT false,
  failed_verification_count integer NOT NULL DEFAULT 0,
  locked_until timestamptz(3),
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

ALTER TABLE session ADD COLUMN begun_with text NOT NULL DEFAULT 'password'
  CHECK (begun_with IN ('password', 'provider'));

-- Whom an account at a provider belongs to is never two.
CREATE UNIQUE INDEX account_provider_id_account_id_key ON account (provider_id, account_id);

ALTER TABLE installation ADD COLUMN second_factor_required boolean NOT NULL DEFAULT false;

-- Whether the link went to the invited address by mail and was shown to nobody, so that whoever has it reads that mail.
ALTER TABLE invitation ADD COLUMN is_mailed boolean NOT NULL DEFAULT false;
