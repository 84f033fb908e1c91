import type { Command } from 'commander';
import type { ArchiveOptions, RestoreMonthOptions } from './archive-months.ts';
import type { ReadOptions } from './archive-read.ts';
import { AS } from './shared-options.ts';

/** `punctual archive`: months of history that went, or will. */
export function registerArchive(program: Command): void {
  const archive = program.command('archive').description('look after months of history that go');
  const common = (command: Command) => command.option(...AS).option('--json', 'print it as JSON');

  common(
    archive
      .command('list')
      .description('the months that were archived or dropped, and their sizes'),
  ).action(async (options: ArchiveOptions) => {
    const { listMonths } = await import('./archive-months.ts');
    await listMonths(options);
  });
  common(
    archive
      .command('read')
      .description('print a job’s runs and gaps straight from the archive, a line each')
      .requiredOption('--job <key>', 'of which job')
      .requiredOption(
        '--from <instant>',
        'from when on: 2026-03-09, an instant, or 90d for so long ago',
      )
      .option('--to <instant>', 'up to when; now, where it isn’t given')
      .option('--logs', 'attempts and the lines of their logs as well'),
  ).action(async (options: ReadOptions) => {
    const { printArchive } = await import('./archive-read.ts');
    await printArchive(options);
  });
  common(
    archive
      .command('verify')
      .description(
        'hold what is archived against its hashes and counts; ends with 1 where it doesn’t fit',
      )
      .argument('[month]', 'such as 2026-03; all of them without it'),
  ).action(async (month: string | undefined, options: ArchiveOptions) => {
    const { verifyMonths } = await import('./archive-months.ts');
    await verifyMonths(month, options);
  });
  common(
    archive
      .command('restore')
      .description('bring a month back into the console for a while, to be read')
      .argument('<month>', 'such as 2026-03')
      .option('--days <number>', 'for how many days', '7'),
  ).action(async (month: string, options: RestoreMonthOptions) => {
    const { restoreMonths } = await import('./archive-months.ts');
    await restoreMonths(month, options);
  });
  common(
    archive
      .command('off')
      .description('drop months without an archive, until a worker with PUNCTUAL_ARCHIVE starts'),
  ).action(async (options: ArchiveOptions) => {
    const { switchOff } = await import('./archive-months.ts');
    await switchOff(options);
  });
}
