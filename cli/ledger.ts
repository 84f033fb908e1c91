import type { Command } from 'commander';
import type { LedgerOptions } from './ledger-table.ts';
import { AS } from './shared-options.ts';

/** `punctual ledger`: what became of ticks, by hour, day or month. Ends with 1 where they don't add up. */
export function registerLedger(program: Command): void {
  program
    .command('ledger')
    .description('add up what became of ticks, by hour, day or month; end with 1 on a mismatch')
    .argument('[key]', 'the job (default: all)')
    .option('--by <period>', 'hour, day or month', 'day')
    .option('--from <instant>', 'where it begins (default: 24 hours, 14 days or 12 months ago)')
    .option('--to <instant>', 'where it ends (default: now)')
    .option('--timezone <zone>', 'whose days and months (default: the machine’s zone)')
    .option(...AS)
    .option('--json', 'print the sums as JSON')
    .action(async (key: string | undefined, options: LedgerOptions) => {
      const { printLedger } = await import('./ledger-table.ts');
      await printLedger(key, options);
    });
}
