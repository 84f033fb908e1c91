import type { CommandConfig } from '#core/jobs/kinds/command.ts';
import { fillTemplate } from '#core/jobs/kinds/template.ts';
import type { Kind } from './kind.ts';
import { runProcess } from './process/run-process.ts';
import { placeholderValues } from './placeholder-values.ts';

/** A program and its arguments, without a shell: whatever a parameter holds, it stays within its one argument. */
export const command: Kind<CommandConfig> = {
  name: 'command',
  execute(work) {
    const { program, args, cwd, environment } = work.config;
    const values = placeholderValues(work);
    const filled: string[] = [];
    for (const arg of args) {
      const { text, problem } = fillTemplate(arg, values);
      if (problem) return Promise.resolve({ ok: false, cause: problem });
      filled.push(text);
    }
    return runProcess(work, async () => ({
      program,
      args: filled,
      cwd: cwd || null,
      variables: environment,
    }));
  },
};
