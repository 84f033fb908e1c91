// The `punctual` command: `npm run punctual -- COMMAND`. Each command stands in a file of its own and says how it is
// registered; what it needs is imported when it runs, so that no command loads what only another one needs.
import { Command } from 'commander';
import { registerAuditTicks } from './audit-ticks.ts';
import { registerConfiguration } from './configuration.ts';
import { registerNext } from './next.ts';
import { registerReady } from './ready.ts';
import { registerWhy } from './why.ts';

const program = new Command('punctual')
  .description('Looks after a Punctual installation from a terminal.')
  .showHelpAfterError('Add --help to see what may be written.')
  .configureHelp({ sortSubcommands: true, showGlobalOptions: true });

registerAuditTicks(program);
registerConfiguration(program);
registerNext(program);
registerReady(program);
registerWhy(program);

await program.parseAsync();
