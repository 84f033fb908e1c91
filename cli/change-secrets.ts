import path from 'node:path';
import { text } from 'node:stream/consumers';
import {
  addSecret,
  limitSecret,
  removeSecret,
  replaceSecret,
} from '#core/secrets/change-secrets.ts';
import { readSecrets, type SecretView } from '#core/secrets/read-secrets.ts';
import { rotateSecrets } from '#core/secrets/rotate.ts';
import type { Outcome } from '#core/outcome.ts';
import {
  CommandProblem,
  EXIT,
  type Exit,
  type Installation,
  inInstallation,
} from './installation.ts';
import { keptSecretKey } from './start/secret-key.ts';
import { readSettings } from './start/settings.ts';
import { StartError } from './start/start-error.ts';

export type SecretOptions = { as?: string; json?: boolean };
export type SetOptions = SecretOptions & { job: string[]; label: string[] };

/** Prints what there is, a secret a line. */
export async function listSecrets(options: SecretOptions): Promise<void> {
  await withKeys(options, async ({ actor }) => {
    const { secrets, vault } = await readSecrets(actor);
    if (options.json) console.log(JSON.stringify({ secrets, vault: vault.state }));
    else if (secrets.length === 0) console.log('There are no secrets.');
    else for (const secret of secrets) console.log(lineOf(secret));
    return secrets.every(({ isReadable }) => isReadable) ? EXIT.yes : EXIT.no;
  });
}

function lineOf({ name, usedBy, limits, isReadable }: SecretView): string {
  const only = [...limits.jobs, ...limits.labels.map((label) => `${label.name}=${label.value}`)];
  return [
    name,
    usedBy.length === 0 ? 'not used' : `used by ${usedBy.join(', ')}`,
    ...(only.length > 0 ? [`only for ${only.join(', ')}`] : []),
    ...(isReadable ? [] : ['sealed with another key']),
  ].join('  ');
}

/** The value comes from standard input: arguments are seen by everybody on the machine. One line end is taken off. */
export async function setSecret(name: string, options: SetOptions): Promise<void> {
  await withKeys(options, async ({ actor }) => {
    const value = (await text(process.stdin)).replace(/\r?\n$/, '');
    const limits = { jobs: options.job, labels: options.label.map(labelOf) };
    const isLimited = limits.jobs.length > 0 || limits.labels.length > 0;
    const { secrets } = await readSecrets(actor);
    const isThere = secrets.some((secret) => secret.name === name);
    if (isThere) valueOf(await replaceSecret(actor, { name, value }));
    else valueOf(await addSecret(actor, { name, value, limits }));
    if (isThere && isLimited) valueOf(await limitSecret(actor, { name, limits, isSure: true }));
    return tell(
      options,
      { name, isNew: !isThere },
      `${name} ${isThere ? 'has a new value' : 'is added'}.`,
    );
  });
}

export async function dropSecret(name: string, options: SecretOptions): Promise<void> {
  await withKeys(options, async ({ actor }) => {
    const { secrets } = await readSecrets(actor);
    const usedBy = secrets.find((secret) => secret.name === name)?.usedBy ?? [];
    valueOf(await removeSecret(actor, { name }, { evenIfLocked: true }));
    const hit = usedBy.length === 0 ? '' : ` Runs of ${usedBy.join(', ')} fail from now on.`;
    return tell(options, { name, usedBy }, `${name} is deleted.${hit}`);
  });
}

export async function rotate(options: SecretOptions): Promise<void> {
  await withKeys(options, async ({ actor }) => {
    const rotated = valueOf(await rotateSecrets(actor));
    const { resealed, changed, unreadable, keyId } = rotated;
    const isWhole = changed.length === 0 && unreadable === 0;
    tell(options, rotated, `Sealed anew with key ${keyId}: ${resealed}.`);
    if (!options.json && changed.length > 0) {
      console.error(
        `Changed by something else than Punctual, and left alone: ${changed.join(', ')}.`,
      );
    }
    if (!options.json && unreadable > 0) {
      console.error(`Sealed with a key that isn’t given, and left alone: ${unreadable}.`);
    }
    return isWhole ? EXIT.yes : EXIT.no;
  });
}

/** The keys of the embedded database's installation are those of its data folder. */
async function withKeys(
  options: SecretOptions,
  work: (installation: Installation) => Promise<Exit>,
): Promise<void> {
  const isEmbedded = !process.env['DATABASE_URL'];
  await inInstallation(options, (installation) => {
    if (isEmbedded) process.env['PUNCTUAL_SECRET_KEY'] ||= keptKey() ?? '';
    return work(installation);
  });
}

function keptKey(): string | undefined {
  const { environment } = readSettings(process.env);
  try {
    return keptSecretKey(path.resolve(environment.PUNCTUAL_DATA_DIR));
  } catch (error) {
    if (error instanceof StartError) throw new CommandProblem(error.message);
    throw error;
  }
}

function labelOf(given: string) {
  const at = given.indexOf('=');
  if (at < 1) throw new CommandProblem(`--label ${given} is no label: write team=billing.`);
  return { name: given.slice(0, at), value: given.slice(at + 1) };
}

function tell(options: SecretOptions, content: object, words: string): Exit {
  console.log(options.json ? JSON.stringify(content) : words);
  return EXIT.yes;
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new CommandProblem(outcome.refusal.message);
}
