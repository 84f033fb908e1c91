import type { Environment } from '../environment.ts';
import { englishHealthWords } from '../health/english.ts';
import { mailServerOf } from '../mail/mail-server.ts';
import { parseAllowList } from '../outbound/address-guard.ts';
import { keyRingOf } from '../secrets/key-ring.ts';
import type { DeliverConfig } from './deliver.ts';

/** What of the environment says how messages go out. For workers and commands: its words aren’t those of the console. */
export function deliverSettings(
  environment: Environment,
): Pick<DeliverConfig, 'keys' | 'consoleUrl' | 'allow' | 'mailServer' | 'words'> {
  return {
    keys: keyRingOf(environment.PUNCTUAL_SECRET_KEY),
    consoleUrl: environment.PUNCTUAL_URL ?? null,
    allow: parseAllowList(environment.PUNCTUAL_HTTP_ALLOW),
    mailServer: mailServerOf(environment),
    words: englishHealthWords(),
  };
}
