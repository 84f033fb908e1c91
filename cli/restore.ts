import type { Command } from 'commander';
import type { RestoreOptions } from './restore-backup.ts';

/** `punctual restore`: puts a backup into an empty database. */
export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description(
      'put a backup into an empty database; everything stays paused until someone resumes it',
    )
    .argument('<file>', 'what `punctual backup` wrote')
    .option('--run', 'don’t pause: jobs run as soon as a worker is there')
    .option('--json', 'print what was put back as JSON')
    .action(async (file: string, options: RestoreOptions) => {
      const { restoreBackup } = await import('./restore-backup.ts');
      await restoreBackup(file, options);
    });
}
