import type { CommandConfig } from '#core/jobs/kinds/command.ts';
import { fillTemplate } from '#core/jobs/kinds/template.ts';
import type { Kind } from './kind.ts';
import { withSecrets } from './process/environment.ts';
import { runProcess } from './process/run-process.ts';
import { prepareToSpawn } from './process/spawner.ts';
import { placeholderValues } from './placeholder-values.ts';

/** A program and its arguments, without a shell: whatever a parameter holds, it stays within its one argument. */
export const command: Kind<CommandConfig> = {
  name: 'command',
  prepare: prepareToSpawn,
  execute(work) {
    const { program, args, cwd, environment } = work.config;
    // Arguments are seen by everybody on the host.
    const values = { ...placeholderValues(work), secrets: {} };
    const filled: string[] = [];
    for (const arg of args) {
      const { text, problem } = fillTemplate(arg, values);
      if (problem) return Promise.resolve({ ok: false, cause: problem });
      filled.push(text);
    }
    const variables = withSecrets(environment, work.secrets);
    if (!variables.ok) return Promise.resolve({ ok: false, cause: variables.problem });
    return runProcess(work, async () => ({
      program,
      args: filled,
      cwd: cwd || null,
      variables: variables.filled,
    }));
  },
};
