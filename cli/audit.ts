import type { Command } from 'commander';
import type { TrailOptions } from './audit-list.ts';
import type { HeadOptions, VerifyOptions } from './audit-verify.ts';
import { AS, collected } from './shared-options.ts';

/** `punctual audit`: the trail, and whether it is as it was written. */
export function registerAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description(
      'print who changed what; `audit verify` ends with 1 where the trail was tampered with',
    );
  audit
    .command('list', { isDefault: true })
    .description('print entries, newest first')
    .option('--who <name>', 'of this person or key')
    .option('--action <action>', 'such as job.pause, or all of a noun: job.')
    .option('--subject <subject>', 'such as queue:reports')
    .option('--job <key>', 'about this job and its runs')
    .option('--from <instant>', 'an instant, a day in UTC, or 30m, 24h, 7d ago')
    .option('--to <instant>', 'exclusive')
    .option('--text <text>', 'in the reason, or in what was before and after')
    .option('--limit <number>', 'at most so many', '50')
    .option(...AS)
    .option('--json', 'print a line of JSON an entry')
    .action(async (options: TrailOptions) => {
      const { printTrail } = await import('./audit-list.ts');
      await printTrail(options);
    });
  audit
    .command('verify')
    .description(
      'walk the chain of hashes; end with 1 and say which entry was changed, removed, put in or moved',
    )
    .option(
      '--head <seal:hash>',
      'a head that `audit head` printed earlier; may be given several times',
      collected,
      [],
    )
    .option(...AS)
    .option('--json', 'print what was found as JSON')
    .action(async (options: VerifyOptions) => {
      const { printVerification } = await import('./audit-verify.ts');
      await printVerification(options);
    });
  audit
    .command('head')
    .description(
      'print the newest seal and its hash, to be kept where nobody of Punctual’s can write',
    )
    .option(...AS)
    .option('--json', 'print it as JSON')
    .action(async (options: HeadOptions) => {
      const { printHead } = await import('./audit-verify.ts');
      await printHead(options);
    });
}
