import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { CommandConfig } from '#core/jobs/kinds/command.ts';
import { answerOf, testWork } from '#tests/support/work.ts';
import { until } from '#tests/support/wait.ts';
import { command } from '../command.ts';
import { spawnerTagOf } from './attempt-folder.ts';
import { listProcesses, readProcess } from './snapshot.ts';
import { prepareToSpawn } from './spawner.ts';
import { STALE_AFTER_MS } from './spawner-protocol.ts';

const sh = (text: string) =>
  CommandConfig.parse({ kind: 'command', program: 'sh', args: ['-c', text] });

async function spawnerPid(): Promise<number> {
  const tag = spawnerTagOf(process.pid);
  return until(
    async () => (await listProcesses()).find((entry) => entry.tag?.startsWith(tag))?.pid,
    {
      what: 'the spawner',
    },
  );
}

const isAlive = (pid: number) => readProcess(pid)?.isZombie === false;

let frozen: number | undefined;
afterEach(() => {
  if (frozen !== undefined && isAlive(frozen)) process.kill(frozen, 'SIGCONT');
  frozen = undefined;
});

describe('a spawner', () => {
  it('has nothing of the worker’s environment, which its children could read', async () => {
    prepareToSpawn();
    const pid = await spawnerPid();
    const names = readFileSync(`/proc/${pid}/environ`, 'utf8').match(/(?<=^|\0)[^=]+/g)!;
    expect(names.filter((name) => !name.startsWith('NODE_'))).toEqual(['PUNCTUAL_RESULT']);
  });

  it('starts many at once, each with its own output', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        answerOf(command, sh(`echo out ${index}; echo err ${index} >&2; exit ${index % 3}`)),
      ),
    );
    answers.forEach(({ answer, stdout, stderr }, index) => {
      expect([stdout(), stderr()]).toEqual([`out ${index}\n`, `err ${index}\n`]);
      expect(answer).toMatchObject({ ok: index % 3 === 0 });
    });
  });

  it('that is killed takes the runs of its processes with it, and another takes its place', async () => {
    const test = testWork(sh('echo "pid $$"; exec sleep 600'));
    const ended = command.execute(test.work);
    await until(() => test.stdout().includes('pid'));
    const child = Number(test.stdout().split(' ')[1]);
    const pid = await spawnerPid();
    process.kill(pid, 'SIGKILL');
    expect(await ended).toMatchObject({
      ok: false,
      cause: expect.stringContaining('nobody knows'),
    });
    expect(isAlive(child)).toBe(false);
    expect((await answerOf(command, sh('echo again'))).stdout()).toBe('again\n');
    expect(await spawnerPid()).not.toBe(pid);
  });

  it('that is killed before it starts one leaves none', async () => {
    prepareToSpawn();
    frozen = await spawnerPid();
    process.kill(frozen, 'SIGSTOP');
    const marker = join(tmpdir(), `punctual-spawner-test-${process.pid}`);
    let isAsked = false;
    const test = testWork(sh(`touch ${marker}; sleep 600`), {
      mayGoOn: () => (isAsked = true),
    });
    const ended = command.execute(test.work);
    await until(() => isAsked);
    process.kill(frozen, 'SIGKILL');
    const answer = await ended;
    expect(answer).toMatchObject({ ok: false });
    expect(answer.cause).toContain('could not be started');
    expect(existsSync(marker)).toBe(false);
  });

  it('that was frozen asks again before it starts one', async () => {
    await answerOf(command, sh('true'));
    frozen = await spawnerPid();
    process.kill(frozen, 'SIGSTOP');
    let asked = 0;
    let mayGoOn = true;
    const test = testWork(sh('echo started'), {
      mayGoOn: () => {
        asked += 1;
        return mayGoOn;
      },
    });
    const ended = command.execute(test.work);
    await until(() => asked === 1);
    mayGoOn = false;
    await pause(STALE_AFTER_MS + 100);
    process.kill(frozen, 'SIGCONT');
    expect(await ended).toMatchObject({ ok: false, wasStopped: true });
    expect([asked, test.stdout()]).toEqual([2, '']);
  });

  it('that is frozen for good doesn’t hold up the end of what is stopped', async () => {
    const test = testWork(sh('echo ready; sleep 600'));
    const ended = command.execute(test.work);
    await until(() => test.stdout().includes('ready'));
    frozen = await spawnerPid();
    process.kill(frozen, 'SIGSTOP');
    test.stop();
    expect(await ended).toMatchObject({ ok: false, wasStopped: true, signal: 'SIGKILL' });
  });

  it.runIf(availableParallelism() > 1)(
    'gets another beside it where many are asked for, whose processes outlive it',
    async () => {
      const burst = (text: string) => Array.from({ length: 20 }, () => testWork(sh(text)));
      const parentOf = (test: ReturnType<typeof testWork>) => Number(test.stdout());
      await until(async () => {
        const tests = burst('echo $PPID');
        await Promise.all(tests.map(({ work }) => command.execute(work)));
        return new Set(tests.map(parentOf)).size === 2;
      });
      const tests = burst('echo $PPID; exec sleep 5');
      const ended = tests.map(({ work }) => command.execute(work));
      await until(() => tests.every(({ stdout }) => stdout().endsWith('\n')));
      const killed = parentOf(tests[0]!);
      process.kill(killed, 'SIGKILL');
      const answers = await Promise.all(ended);
      expect(answers.map(({ ok }) => ok)).toEqual(tests.map((test) => parentOf(test) !== killed));
      expect(answers.some(({ ok }) => ok)).toBe(true);
    },
  );

  it('finds the worker’s socket again when somebody tidied it away', async () => {
    await answerOf(command, sh('true'));
    const [folder] = socketFolders();
    rmSync(folder!, { recursive: true });
    expect((await answerOf(command, sh('echo found'))).stdout()).toBe('found\n');
    expect(socketFolders()).not.toContain(folder);
  });
});

const socketFolders = () =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith(`punctual-${process.pid}-`))
    .map((name) => join(tmpdir(), name))
    .filter((folder) => existsSync(join(folder, 's')));
