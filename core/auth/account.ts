import { z } from 'zod';
import { PASSWORD_MAX, PASSWORD_MIN } from './password-length.ts';

export const EMAIL_LENGTH = 254;

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(EMAIL_LENGTH, `An e-mail address has at most ${EMAIL_LENGTH} characters.`)
  .pipe(z.email('Give an e-mail address, for example operator@example.org.'));

export const Password = z
  .string()
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`)
  .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`);

export const PersonName = z
  .string()
  .trim()
  .min(1, 'Say your name, as others should see it beside what you change.')
  .max(100, 'A name has at most 100 characters.')
  .refine((name) => !/\p{Cc}/u.test(name), 'A name has no control characters.');

/** What a person says of themselves to get an account; parse it with `safeParseAsync`. */
export const NewAccount = z
  .object({ name: PersonName, email: Email, password: Password })
  .superRefine(async ({ email, password }, context) => {
    const complaint = await easyToGuess(password, email);
    if (complaint) context.addIssue({ code: 'custom', path: ['password'], message: complaint });
  });
export type NewAccount = z.output<typeof NewAccount>;

/** A password that anyone would try first; length does the rest (NIST SP 800-63B, 5.1.1.2). */
export async function easyToGuess(password: string, email: string): Promise<string | null> {
  const { COMMON_PASSWORDS } = await import('./common-passwords.ts');
  if (COMMON_PASSWORDS.has(password.toLowerCase())) return TRIED_FIRST;
  const bare = password.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  const distinct = new Set(bare).size;
  if (distinct < 5) return 'This is easy to guess: it has few different characters.';
  const mailbox = email.split('@')[0]!.replace(/[^\p{L}\p{N}]/gu, '');
  if (mailbox.length >= 4 && bare.includes(mailbox) && bare.length - mailbox.length < 6) {
    return 'This is easy to guess: it is nearly your e-mail address.';
  }
  const rest = COMMON_WORDS.reduce((text, word) => text.replaceAll(word, ''), bare);
  return rest.replace(/\d/g, '').length < 4 ? TRIED_FIRST : null;
}

const TRIED_FIRST = 'This is among the passwords that are tried first.';

const COMMON_WORDS = [
  'punctual',
  'password',
  'passwort',
  'qwertyuiop',
  'qwertzuiop',
  'qwerty',
  'qwertz',
  'administrator',
  'admin',
  'welcome',
  'letmein',
  'changeme',
  'iloveyou',
  'asdfghjkl',
  'zxcvbnm',
];
