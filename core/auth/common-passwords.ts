import { dictionary } from '@zxcvbn-ts/language-common';
import { PASSWORD_MIN } from './password-length.ts';

/** In lower case: what is tried first of all, as far as it is long enough to be a password here. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].filter((password) => password.length >= PASSWORD_MIN),
);
