import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScriptConfig } from '#core/jobs/kinds/script.ts';
import type { Kind } from './kind.ts';
import { withSecrets } from './process/environment.ts';
import { runProcess } from './process/run-process.ts';
import { prepareToSpawn } from './process/spawner.ts';

type Interpreter = ScriptConfig['interpreter'];

// Under the worker's own Node, so that a script in JavaScript runs wherever Punctual does.
const PROGRAMS: Readonly<Record<Interpreter, { program: string; file: string }>> = {
  sh: { program: 'sh', file: 'script.sh' },
  bash: { program: 'bash', file: 'script.bash' },
  python3: { program: 'python3', file: 'script.py' },
  node: { program: process.execPath, file: 'script.mjs' },
};

/** Inline text and its interpreter, executed from a file of the attempt's own. */
export const script: Kind<ScriptConfig> = {
  name: 'script',
  prepare: prepareToSpawn,
  execute(work) {
    const variables = withSecrets(work.config.environment, work.secrets);
    if (!variables.ok) return Promise.resolve({ ok: false, cause: variables.problem });
    return runProcess(work, async (folder) => {
      const { program, file } = PROGRAMS[work.config.interpreter];
      const path = join(folder.path, file);
      await writeFile(path, work.config.text, { mode: 0o600 });
      return { program, args: [path], cwd: null, variables: variables.filled };
    });
  },
};
