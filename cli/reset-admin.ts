import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isAdmin } from '#core/auth/usual-grant.ts';
import type { Actor } from '#core/auth/permissions.ts';
import { forgiveAccount } from '#core/auth/tries.ts';
import { environment } from '#core/environment.ts';
import type { Outcome } from '#core/outcome.ts';
import { sqlOf } from '#core/db.ts';
import { webPool } from '#core/prisma.ts';
import { makePasswordLink } from '#core/users/password-links.ts';
import { letAdminIn } from '#core/users/let-in.ts';
import { listUsers, type UserView } from '#core/users/read-people.ts';
import { CommandProblem, EXIT, inInstallation } from './installation.ts';
import { consoleAddress } from './start/console-port.ts';
import type { LockHolder } from './start/lock.ts';

export type ResetOptions = { json?: boolean };

/**
 * Makes an account an admin that can sign in: switched on, without a second factor, its tries forgotten, with a link for
 * a new password.
 */
export async function resetAdmin(email: string, options: ResetOptions): Promise<void> {
  await inInstallation({}, async ({ actor }) => {
    const user = await accountOf(actor, email);
    valueOf(await letAdminIn(actor, user.id));
    const { link, expiresAt } = valueOf(await makePasswordLink(actor, user.id, origin()));
    await forgiveAccount(sqlOf(webPool()), user.email);
    console.log(
      options.json
        ? JSON.stringify({ email: user.email, link, expiresAt })
        : `${user.email} is an admin and may sign in. A new password, once and until ${expiresAt}: ${link}`,
    );
    return EXIT.yes;
  });
}

async function accountOf(actor: Actor, email: string): Promise<UserView> {
  const users = await listUsers(actor);
  const user = users.find((each) => each.email.toLowerCase() === email.trim().toLowerCase());
  if (user) return user;
  if (users.length === 0) {
    throw new CommandProblem(
      'Nobody has an account yet. Start Punctual: it prints a link that makes the first one.',
    );
  }
  const admins = users.filter(({ grants }) => isAdmin(grants)).map((each) => each.email);
  throw new CommandProblem(
    `No account has the address ${email}. The admins’: ${admins.join(', ') || 'none'}.`,
  );
}

/** Where people open the console: as configured, else as the running `npm start` says. */
function origin(): string {
  const { PORT = 3000, HOST, PUNCTUAL_URL, PUNCTUAL_DATA_DIR } = environment();
  return PUNCTUAL_URL === undefined
    ? (announced(PUNCTUAL_DATA_DIR) ?? consoleAddress(PORT, HOST, undefined))
    : consoleAddress(PORT, HOST, PUNCTUAL_URL);
}

function announced(folder: string): string | null {
  try {
    const holder = JSON.parse(readFileSync(path.join(folder, 'lock'), 'utf8')) as LockHolder;
    return holder.address;
  } catch {
    return null;
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new CommandProblem(outcome.refusal.message);
}
