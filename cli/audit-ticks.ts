import type { Command } from 'commander';
import type { AuditOptions } from './audit-ticks-table.ts';
import { AS } from './shared-options.ts';

/** `punctual audit-ticks`: recounts the ledger. Ends with 1 where a tick isn't accounted for. */
export function registerAuditTicks(program: Command): void {
  program
    .command('audit-ticks')
    .description(
      'reckon every tick of a stretch anew and hold the ledger against it; end with 1 on a mismatch',
    )
    .option('--job <key>', 'one job (default: all)')
    .option(
      '--from <instant>',
      'where the stretch begins: an instant, a day in UTC, or 30m, 24h, 7d ago',
      '24h',
    )
    .option('--to <instant>', 'where it ends (default: now)')
    .option(...AS)
    .option('--json', 'print the audit as JSON')
    .action(async (options: AuditOptions) => {
      const { printAudit } = await import('./audit-ticks-table.ts');
      await printAudit(options);
    });
}
