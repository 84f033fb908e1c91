// The `punctual` command: `npm run punctual -- COMMAND`. Each command stands in a file of its own and says how it is
// registered; what it needs is imported when it runs, so that no command loads what only another one needs.
import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { registerAdmin } from './admin.ts';
import { registerArchive } from './archive.ts';
import { registerAudit } from './audit.ts';
import { registerAuditTicks } from './audit-ticks.ts';
import { registerBackfill } from './backfill.ts';
import { registerBackup } from './backup.ts';
import { registerConfiguration } from './configuration.ts';
import { registerDoctor } from './doctor.ts';
import { registerLedger } from './ledger.ts';
import { registerLogs } from './logs.ts';
import { registerNext } from './next.ts';
import { registerPermissions } from './permissions.ts';
import { registerReady } from './ready.ts';
import { registerRestore } from './restore.ts';
import { registerRun } from './run.ts';
import { registerSecrets } from './secrets.ts';
import { registerWhy } from './why.ts';

// Compiling is half of a command's start. Where the folder can't be written, each start compiles.
enableCompileCache(path.resolve(import.meta.dirname, '../node_modules/.cache/node'));

const program = new Command('punctual')
  .description('Looks after a Punctual installation from a terminal.')
  .showHelpAfterError('Add --help to see what may be written.')
  .configureHelp({ sortSubcommands: true, showGlobalOptions: true })
  // What can't be understood ends with 2, as what can't be asked does; 1 is an answer.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

registerAdmin(program);
registerArchive(program);
registerAudit(program);
registerAuditTicks(program);
registerBackfill(program);
registerBackup(program);
registerConfiguration(program);
registerDoctor(program);
registerLedger(program);
registerLogs(program);
registerNext(program);
registerPermissions(program);
registerReady(program);
registerRestore(program);
registerRun(program);
registerSecrets(program);
registerWhy(program);

await program.parseAsync();
