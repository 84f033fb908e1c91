import type { Command } from 'commander';
import type { BackupOptions } from './write-backup.ts';
import { AS } from './shared-options.ts';

/** `punctual backup`: everything in one file, while the installation goes on working. */
export function registerBackup(program: Command): void {
  program
    .command('backup')
    .description('write everything in the database into one file, as it is at this moment')
    .argument('<file>', 'a file that doesn’t exist yet, such as punctual.backup.gz')
    .option(...AS)
    .option('--json', 'print what was written as JSON')
    .action(async (file: string, options: BackupOptions) => {
      const { writeBackup } = await import('./write-backup.ts');
      await writeBackup(file, options);
    });
}
