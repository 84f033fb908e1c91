import { StartError } from './start-error.ts';

/**
 * The one-time link for the first admin, or null when somebody has an account. Reads DATABASE_URL and the admin's
 * variables from process.env. Imported late: Prisma's client may have to be generated first.
 */
export async function firstAdminLink(address: string): Promise<string | null> {
  const { ensureFirstAdmin } = await import('#core/auth/first-admin.ts');
  const { closeConnections } = await import('#core/prisma.ts');
  try {
    const made = await ensureFirstAdmin(address);
    return made?.link ?? null;
  } catch (cause) {
    throw new StartError(`The first admin couldn't be made: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await closeConnections();
  }
}
