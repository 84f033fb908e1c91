import type { Command } from 'commander';
import type { SecretOptions, SetOptions } from './change-secrets.ts';
import { AS, collected } from './shared-options.ts';

/** `punctual secrets`: names, values and keys, from the machine. */
export function registerSecrets(program: Command): void {
  const secrets = program.command('secrets').description('look after secrets and their key');
  const common = (command: Command) => command.option(...AS).option('--json', 'print it as JSON');

  common(
    secrets.command('list').description('names, who uses them, and whether the key opens them'),
  ).action(async (options: SecretOptions) => {
    const { listSecrets } = await import('./change-secrets.ts');
    await listSecrets(options);
  });
  common(
    secrets
      .command('set')
      .description('add a secret, or replace its value; the value comes from standard input')
      .argument('<name>', 'capitals, digits and underscores: API_TOKEN')
      .option('--job <key>', 'only for this job; may be given several times', collected, [])
      .option(
        '--label <name=value>',
        'only for jobs with this label; may be repeated',
        collected,
        [],
      ),
  ).action(async (name: string, options: SetOptions) => {
    const { setSecret } = await import('./change-secrets.ts');
    await setSecret(name, options);
  });
  common(
    secrets
      .command('remove')
      .description('delete a secret, also one that the key doesn’t open; says which jobs use it')
      .argument('<name>', 'of a secret that is there'),
  ).action(async (name: string, options: SecretOptions) => {
    const { dropSecret } = await import('./change-secrets.ts');
    await dropSecret(name, options);
  });
  common(
    secrets
      .command('rotate')
      .description('seal all secrets anew with the newest key of PUNCTUAL_SECRET_KEY'),
  ).action(async (options: SecretOptions) => {
    const { rotate } = await import('./change-secrets.ts');
    await rotate(options);
  });
}
