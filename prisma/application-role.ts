import pg from 'pg';
import { errorCode } from '#core/error-code.ts';

/** The roles don't stand to each other as they must; the message says what to do. */
export class RoleProblem extends Error {
  override name = 'RoleProblem';
}

/**
 * The tables that stay the owner's, with what the application's role may do there. It may add to the trail, say neither
 * number nor time of an entry, and change or remove none.
 */
const OWNERS: Readonly<Record<string, string>> = {
  _prisma_migrations: 'SELECT',
  audit_entry:
    'SELECT, INSERT (actor, actor_id, job_id, action, subject, before, after, reason, address)',
  audit_seal: 'SELECT, INSERT',
  audit_head: 'SELECT, UPDATE',
  audit_pending: 'SELECT, INSERT, DELETE',
};

/**
 * Makes the owner's database usable for the application's role: every table and sequence becomes that role's own, since
 * it makes and drops months of history, but for the trail and the list of migrations. Costs a few reads where all is so
 * already.
 *
 * @param client connected as the owner, with no transaction open
 * @param application name of the other role
 * @throws RoleProblem where the owner can't give, or the role could take it all back
 */
export async function handOver(client: pg.Client, application: string): Promise<void> {
  await checkRoles(client, application);
  const role = pg.escapeIdentifier(application);
  const { rows } = await client.query<{ kind: string; name: string }>(TO_HAND_OVER, [
    application,
    Object.keys(OWNERS),
  ]);
  await said(async () => {
    const schema = await schemaOf(client);
    await client.query(`GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${role}`);
    // One each: together they would hold the whole ledger while workers that run wait for each other.
    for (const { kind, name } of rows) {
      await client.query(`ALTER ${kind} ${pg.escapeIdentifier(name)} OWNER TO ${role}`);
    }
    await client.query('BEGIN');
    for (const [table, rights] of Object.entries(OWNERS)) {
      const exists = await client.query('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
      if (!(exists.rows[0] as { exists: boolean }).exists) continue;
      await client.query(`REVOKE ALL ON ${table} FROM PUBLIC, ${role}`);
      await client.query(`GRANT ${rights} ON ${table} TO ${role}`);
    }
    // For backups, which say where it goes on.
    await client.query(`GRANT SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${role}`);
    await client.query('COMMIT');
  });
}

/**
 * Refuses to go on where the application's role has left code that would run as the owner: a trigger on a table that a
 * migration or a restore writes to may do whatever the owner may. Punctual's own functions are the owner's.
 *
 * @param client connected as the owner
 * @throws RoleProblem that names it
 */
export async function refuseForeignCode(client: pg.Client, application: string): Promise<void> {
  const { rows } = await client.query<{ what: string }>(FOREIGN_CODE, [application]);
  if (rows.length === 0) return;
  const more = rows.length > 5 ? ` and ${rows.length - 5} more` : '';
  const named = rows.slice(0, 5).map(({ what }) => what);
  throw new RoleProblem(
    `In the database is what Punctual didn’t put there: ${named.join(', ')}${more}. It would run with the owner’s rights, ` +
      `which could change the audit trail, so nothing was migrated. If you know of it, drop it, or give its functions to the ` +
      'owner; if you don’t, somebody else has had the address in DATABASE_URL.',
  );
}

/** The role that an address connects as, and which database of which server that is. */
export async function placeOf(url: string): Promise<{ role: string; database: string }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string; database: string }>(
      `SELECT current_user AS role, current_database() || ' ' || pg_postmaster_start_time()::text AS database`,
    );
    return rows[0]!;
  } finally {
    await client.end();
  }
}

async function checkRoles(client: pg.Client, application: string): Promise<void> {
  const { rows } = await client.query<{ owner: string; canGive: boolean; canTake: boolean }>(
    `SELECT current_user AS owner,
            (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR pg_has_role(current_user, $1::name, 'USAGE') AS "canGive",
            (SELECT rolsuper FROM pg_roles WHERE rolname = $1::name) OR pg_has_role($1::name, current_user, 'MEMBER') AS "canTake"`,
    [application],
  );
  const { owner, canGive, canTake } = rows[0]!;
  if (canTake) {
    throw new RoleProblem(
      `The role ${application} of DATABASE_URL can act as ${owner}, the role of PUNCTUAL_OWNER_DATABASE_URL, so that it could change ` +
        `the audit trail all the same. Take that away (REVOKE ${owner} FROM ${application}, and no SUPERUSER), or leave ` +
        'PUNCTUAL_OWNER_DATABASE_URL unset to go on with one role.',
    );
  }
  if (!canGive) throw new RoleProblem(notAMember(owner, application));
}

async function said(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (errorCode(error) !== '42501') throw error;
    throw new RoleProblem(
      `The owner's role can't give the tables to the application's: ${(error as Error).message}. ` +
        'The owner has to own database and tables, and be a member of the application’s role. docs/audit.md has the statements.',
      { cause: error },
    );
  }
}

function notAMember(owner: string, application: string): string {
  return (
    `The role ${owner} of PUNCTUAL_OWNER_DATABASE_URL isn’t a member of ${application}, the role of DATABASE_URL. ` +
    `Let it be one, as a superuser or whoever made the roles: GRANT ${application} TO ${owner};`
  );
}

async function schemaOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_schema() AS name');
  return pg.escapeIdentifier(rows[0]!.name);
}

const FOREIGN_CODE = `
WITH application AS (SELECT oid FROM pg_roles WHERE rolname = $1::name),
     tables AS (SELECT c.oid FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace)
SELECT 'the function ' || p.oid::regprocedure::text AS what
  FROM pg_proc p WHERE p.proowner = (SELECT oid FROM application)
UNION ALL
SELECT 'the operator ' || o.oid::regoperator::text
  FROM pg_operator o WHERE o.oprowner = (SELECT oid FROM application)
UNION ALL
SELECT 'the trigger ' || t.tgname || ' on ' || t.tgrelid::regclass::text
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgrelid IN (SELECT oid FROM tables) AND NOT t.tgisinternal
   AND p.proowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
UNION ALL
SELECT 'the rule ' || r.rulename || ' on ' || r.ev_class::regclass::text
  FROM pg_rewrite r WHERE r.ev_class IN (SELECT oid FROM tables) AND r.rulename <> '_RETURN'
UNION ALL
SELECT 'the policy ' || y.polname || ' on ' || y.polrelid::regclass::text
  FROM pg_policy y WHERE y.polrelid IN (SELECT oid FROM tables)`;

// Sequences of a column go with their table; what an extension brought stays its own.
const TO_HAND_OVER = `
SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END AS kind,
       c.relname AS name
  FROM pg_class c
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'S', 'v', 'm')
   AND c.relname <> ALL ($2::text[])
   AND c.relowner <> (SELECT oid FROM pg_roles WHERE rolname = $1::name)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e') AND d.classid = 'pg_class'::regclass
                      AND (d.deptype = 'e' OR c.relkind = 'S'))
 ORDER BY c.relispartition, c.relname`;
