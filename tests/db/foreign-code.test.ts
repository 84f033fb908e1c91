import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkForeignCode, migrate, MigrationError, programMigrations } from '#prisma/migrate.ts';
import { createTwoRoles, type TwoRoles } from '#tests/support/two-roles.ts';

let roles: TwoRoles;
beforeAll(async () => {
  roles = await createTwoRoles();
});
afterAll(() => roles[Symbol.asyncDispose]());

const bring = (through?: string) =>
  migrate(roles.ownerUrl, {
    applicationUrl: roles.applicationUrl,
    ...(through === undefined ? {} : { through }),
  });

test('what the application’s role leaves in the database never runs with the owner’s rights', async () => {
  const known = await programMigrations();
  await bring(known.at(-2));
  // What somebody with DATABASE_URL would wait with until the next version comes.
  await roles.sql(`
    CREATE FUNCTION wait_for_owner() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN ALTER TABLE audit_entry DISABLE TRIGGER ALL; DELETE FROM audit_entry; RETURN NEW; END $$`);
  await roles.sql(
    'CREATE TRIGGER patient BEFORE UPDATE ON installation FOR EACH ROW EXECUTE FUNCTION wait_for_owner()',
  );
  const refused = bring();
  await expect(refused).rejects.toThrow(MigrationError);
  await expect(refused).rejects.toThrow(
    'the function wait_for_owner(), the trigger patient on installation',
  );
  const applied = await roles.sql<{ name: string }>(
    'SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1',
  );
  expect(applied.map(({ name }) => name)).toEqual(known.slice(0, -1));
  await expect(checkForeignCode(roles.ownerUrl, roles.applicationUrl)).rejects.toThrow('patient');

  // A trigger by itself, with a function of PostgreSQL's, and a rule, are named as well.
  await roles.sql('DROP FUNCTION wait_for_owner() CASCADE');
  await roles.sql('CREATE RULE quiet AS ON DELETE TO queue DO INSTEAD NOTHING');
  await expect(bring()).rejects.toThrow('the rule quiet on queue');
  await roles.sql('DROP RULE quiet ON queue');

  // CONTROL: what Punctual itself put there is no reason.
  expect((await bring()).applied).toEqual(known.slice(-1));
  expect((await bring()).applied).toEqual([]);
});
