import type { Command } from 'commander';
import type { ResetOptions } from './reset-admin.ts';

/** `punctual admin reset`: lets a locked-out admin in again. */
export function registerAdmin(program: Command): void {
  program
    .command('admin')
    .description('look after admins')
    .command('reset')
    .description(
      'print a one-time link that sets a new password; makes the account an admin that is switched on',
    )
    .argument('<email>', 'of an account that is there')
    .option('--json', 'print the link as JSON')
    .action(async (email: string, options: ResetOptions) => {
      const { resetAdmin } = await import('./reset-admin.ts');
      await resetAdmin(email, options);
    });
}
