/** A sentence where the key doesn't fit the secrets that there are; null where it does. Imported late: it needs Prisma. */
export async function secretsClosed(): Promise<string | null> {
  const { sqlOf } = await import('#core/db.ts');
  const { closeConnections, webPool } = await import('#core/prisma.ts');
  const { closedWords, readClosedVault } = await import('#core/secrets/vault.ts');
  try {
    const vault = await readClosedVault(sqlOf(webPool()));
    return vault && closedWords(vault);
  } finally {
    await closeConnections();
  }
}
