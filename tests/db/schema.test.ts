import { describe, expect, test } from 'vitest';
import { createTestDatabase } from '#tests/support/database.ts';
import { schemaDifference } from '#tests/support/schema-difference.ts';

describe('the migrated database and prisma/schema.prisma', () => {
  test('are the same', async () => {
    await using db = await createTestDatabase();
    expect(await schemaDifference(db.url)).toBe('');
  });

  // Controls: each change below is one that somebody could make to one of the two and forget in the other.
  test.each([
    ['a column more', 'ALTER TABLE job ADD COLUMN colour text', /DROP COLUMN "colour"/],
    ['a column less', 'ALTER TABLE job DROP COLUMN owner', /ADD COLUMN\s+"owner"/],
    [
      'another type',
      'ALTER TABLE run ALTER COLUMN cause TYPE varchar(10)',
      /"cause" SET DATA TYPE/,
    ],
    ['another default', "ALTER TABLE run ALTER COLUMN state SET DEFAULT 'running'", /SET DEFAULT/],
    ['a missing index', 'DROP INDEX run_by_time', /CREATE INDEX "run_by_time"/],
    ['a missing key', 'DROP INDEX user_email_key', /CREATE UNIQUE INDEX "user_email_key"/],
    ['a missing reference', 'ALTER TABLE gap DROP CONSTRAINT gap_job_id_fkey', /ADD CONSTRAINT/],
    ['a table more', 'CREATE TABLE forgotten (id integer PRIMARY KEY)', /DROP TABLE "forgotten"/],
  ])('control: %s is noticed', async (_, change, difference) => {
    await using db = await createTestDatabase();
    await db.sql(change);
    expect(await schemaDifference(db.url)).toMatch(difference);
  });
});
