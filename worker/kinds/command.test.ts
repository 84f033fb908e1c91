import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandConfig } from '#core/jobs/kinds/command.ts';
import { answerOf } from '#tests/support/work.ts';
import { command } from './command.ts';

const config = (program: string, args: string[] = [], more: Partial<CommandConfig> = {}) =>
  CommandConfig.parse({ kind: 'command', program, args, ...more });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'punctual-command-test-'));
  writeFileSync(join(folder, 'plain.txt'), 'no program');
  writeFileSync(join(folder, 'unknown-interpreter'), '#!/no/such/interpreter\n');
  chmodSync(join(folder, 'unknown-interpreter'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a command', () => {
  it('gets each argument as it is, whatever a parameter holds', async () => {
    const { stdout } = await answerOf(
      command,
      config('printf', ['[%s]', '--table={{param.table}}', '{{tick}}', "{{ .Names }} ${HOME} '"]),
      { parameters: { table: '; rm -rf "$HOME" #' } },
    );
    expect(stdout()).toBe(
      '[--table=; rm -rf "$HOME" #][2026-11-20T02:30:00.000Z][{{ .Names }} ${HOME} \']',
    );
  });

  it('does not read placeholders in a parameter’s value', async () => {
    const { stdout } = await answerOf(command, config('printf', ['%s', '{{param.a}}']), {
      parameters: { a: '{{param.b}}', b: 'secret' },
    });
    expect(stdout()).toBe('{{param.b}}');
  });

  it('names a parameter that the job doesn’t have', async () => {
    const { answer } = await answerOf(command, config('echo', ['{{param.tabel}}']));
    expect(answer).toEqual({
      ok: false,
      cause: 'the job uses {{param.tabel}}, but has no parameter tabel',
    });
  });

  it('runs in the working folder that it names, else in an empty one', async () => {
    expect((await answerOf(command, config('pwd', [], { cwd: folder }))).stdout().trim()).toBe(
      folder,
    );
    expect((await answerOf(command, config('ls', ['-A']))).stdout()).toBe('');
  });
});

describe('a command that can’t start says what to look at', () => {
  it.each([
    ['no-such-program', {}, "there is no program no-such-program in the worker's PATH"],
    ['/no/such/program', {}, 'there is no program /no/such/program on this worker'],
    ['ls', { cwd: '/no/such/folder' }, 'there is no working folder /no/such/folder'],
    ['ls', { cwd: '/etc/hostname' }, 'the working folder /etc/hostname is not a folder'],
    ['{folder}/plain.txt', {}, 'may not start'],
    ['{folder}', {}, 'may not start'],
    [
      '{folder}/unknown-interpreter',
      {},
      'names an interpreter in its first line that is not on this worker',
    ],
  ])('%s', async (program, more, cause) => {
    const { answer } = await answerOf(
      command,
      config(program.replace('{folder}', folder), [], more),
    );
    expect(answer.ok).toBe(false);
    expect(answer.cause).toContain(cause);
  });

  it('when its arguments are larger than the system allows', async () => {
    const { answer } = await answerOf(command, config('echo', ['{{param.big}}']), {
      parameters: { big: 'x'.repeat(200_000) },
    });
    expect(answer.cause).toContain('larger than the system allows');
  });
});
