import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import type { ScriptConfig } from '#core/jobs/kinds/script.ts';
import { answerOf, testWork } from '#tests/support/work.ts';
import { until } from '#tests/support/wait.ts';
import type { ParameterChange } from './kind.ts';
import { spawnerTagOf } from './process/attempt-folder.ts';
import { readProcess } from './process/snapshot.ts';
import { script } from './script.ts';

// Read once, by the first process.
vi.stubEnv('DATABASE_URL', 'postgres://secret-of-the-database');
vi.stubEnv('PUNCTUAL_AUTH_SECRET', 'secret-that-signs-sessions');
vi.stubEnv('NODE_OPTIONS', '');
vi.stubEnv('TZ', 'Asia/Tokyo');

const sh = (text: string, more: Partial<ScriptConfig> = {}): ScriptConfig => ({
  kind: 'script',
  interpreter: 'sh',
  text,
  environment: [],
  ...more,
});

/** Whether this process runs: a zombie that nobody asked after has ended. */
function isAlive(pid: number): boolean {
  const entry = readProcess(pid);
  return entry !== null && !entry.isZombie;
}

/** Pids that a script printed, one a line after `word`. */
function pidsIn(output: string, word: string): number[] {
  return [...output.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map((match) =>
    Number(match[1]),
  );
}

describe('a script', () => {
  it.each([
    ['sh', 'echo "from $0"', /from .*script\.sh/],
    ['bash', 'a=(x y); echo "${a[1]}"', /y/],
    ['python3', 'print(6 * 7)', /42/],
    ['node', 'console.log(typeof import.meta.url)', /string/],
  ] as const)('runs under %s', async (interpreter, text, output) => {
    const { answer, stdout } = await answerOf(script, sh(text, { interpreter }));
    expect(answer).toMatchObject({ ok: true, exitCode: 0 });
    expect(stdout()).toMatch(output);
  });

  it('is told what run it is, and gets its parameters as they are', async () => {
    const text =
      'env | grep -E "^(PUNCTUAL|TRACEPARENT)" | sort; printf %s "$PUNCTUAL_PARAM_TABLE"';
    const { stdout } = await answerOf(script, sh(text), {
      parameters: { table: '$(id); "x" `y`', dryRun: true, limit: 3 },
    });
    expect(stdout()).toContain('PUNCTUAL_JOB_KEY=nightly-backup\n');
    expect(stdout()).toContain('PUNCTUAL_RUN_ID=4711\n');
    expect(stdout()).toContain('PUNCTUAL_ATTEMPT=2\n');
    expect(stdout()).toContain('PUNCTUAL_TICK=2026-11-20T02:30:00.000Z\n');
    expect(stdout()).toContain('PUNCTUAL_TRACE_ID=0123456789abcdef0123456789abcdef\n');
    expect(stdout()).toMatch(/TRACEPARENT=00-0123456789abcdef0123456789abcdef-[0-9a-f]{16}-01\n/);
    expect(stdout()).toContain('PUNCTUAL_PARAM_DRYRUN=true\n');
    expect(stdout()).toContain('PUNCTUAL_PARAM_LIMIT=3\n');
    expect(stdout().endsWith('$(id); "x" `y`')).toBe(true);
  });

  it('rule 12: sees nothing of the worker’s own secrets', async () => {
    const { stdout } = await answerOf(script, sh('env'));
    expect(stdout()).not.toContain('secret');
    expect(stdout()).not.toContain('NODE_OPTIONS');
    // CONTROL: what a process needs does reach it, so that an empty environment wouldn't pass for a clean one.
    expect(stdout()).toContain('TZ=Asia/Tokyo\n');
    expect(stdout()).toMatch(/^PATH=.*\/bin/m);
    expect(stdout()).not.toMatch(/^PATH=.*node_modules/m);
  });

  it('gets the job’s own variables', async () => {
    const environment = [{ name: 'GREETING', value: 'good\nmorning' }];
    const { stdout } = await answerOf(script, sh('printf %s "$GREETING"', { environment }));
    expect(stdout()).toBe('good\nmorning');
  });

  it('has a closed standard input', async () => {
    const { answer, tookMs } = await answerOf(script, sh('cat; read line || exit 7'));
    expect(answer).toMatchObject({ ok: false, exitCode: 7 });
    expect(tookMs).toBeLessThan(5_000);
  });

  it('writes its two streams apart', async () => {
    const { stdout, stderr } = await answerOf(script, sh('echo out; echo err >&2'));
    expect([stdout(), stderr()]).toEqual(['out\n', 'err\n']);
  });

  it('has a folder of its own, mode 700, that is gone afterwards with all in it', async () => {
    const { stdout } = await answerOf(
      script,
      sh(
        'pwd; stat -c %a ..; ls -A; mktemp; mkdir -p a/b; touch a/b/c; chmod 500 a/b; chmod 500 a',
      ),
    );
    const [folder, mode, temporary] = stdout().trim().split('\n');
    expect(folder!.startsWith(tmpdir())).toBe(true);
    expect(mode).toBe('700');
    expect(temporary!.startsWith(folder!.replace(/\/work$/, ''))).toBe(true);
    expect(existsSync(folder!)).toBe(false);
    expect(existsSync(temporary!)).toBe(false);
  });
});

describe('what a job goes on from', () => {
  it('is the stretch since its last success', async () => {
    const tell = sh('echo "[$PUNCTUAL_FROM] [$PUNCTUAL_TO] [${PUNCTUAL_TEST-no test}]"');
    expect((await answerOf(script, tell)).stdout()).toBe(
      '[2026-11-20T01:30:00.000Z] [2026-11-20T02:30:00.000Z] [no test]\n',
    );
    const first = { from: null, to: new Date('2026-11-20T02:30:00.5Z') };
    expect((await answerOf(script, tell, { stretch: first, trigger: 'test' })).stdout()).toBe(
      '[] [2026-11-20T02:30:00.500Z] [1]\n',
    );
  });

  it('is a file that it may rewrite, empty at first', async () => {
    const text =
      'cat "$PUNCTUAL_STATE"; stat -c %a "$PUNCTUAL_STATE"; printf "é 41" > "$PUNCTUAL_STATE"';
    const first = await answerOf(script, sh(text));
    expect(first.stdout()).toBe('600\n');
    expect(first.answer).toMatchObject({ ok: true, newState: 'é 41' });
    const second = await answerOf(script, sh(text), { state: 'é 41' });
    expect(second.stdout()).toBe('é 41600\n');
    // Nothing else was written: no new version.
    expect(second.answer).not.toHaveProperty('newState');
  });

  it.each([
    [
      'replaced as a whole',
      'echo next > "$PUNCTUAL_STATE.tmp"; mv "$PUNCTUAL_STATE.tmp" "$PUNCTUAL_STATE"',
      'next\n',
    ],
    ['emptied', ': > "$PUNCTUAL_STATE"', ''],
    ['removed', 'rm "$PUNCTUAL_STATE"', ''],
    [
      'as large as may be',
      'head -c 65536 /dev/zero | tr "\\0" x > "$PUNCTUAL_STATE"',
      'x'.repeat(65_536),
    ],
  ])('may be %s', async (_what, text, newState) => {
    const { answer } = await answerOf(script, sh(text), { state: 'before' });
    expect(answer).toMatchObject({ ok: true, newState });
  });

  it.each([
    [
      'too large',
      'head -c 65537 /dev/zero | tr "\\0" x > "$PUNCTUAL_STATE"',
      'it has more than 64 kB',
    ],
    ['no text', String.raw`printf 'a\377' > "$PUNCTUAL_STATE"`, 'it is not text in UTF-8'],
    ['text with a NUL', String.raw`printf 'a\000b' > "$PUNCTUAL_STATE"`, 'it holds a NUL'],
    [
      'a link elsewhere',
      'ln -sf /etc/hostname "$PUNCTUAL_STATE"',
      'it is no file that can be read',
    ],
    ['a pipe', 'rm "$PUNCTUAL_STATE"; mkfifo "$PUNCTUAL_STATE"', 'it is no file that can be read'],
    ['a folder', 'rm "$PUNCTUAL_STATE"; mkdir "$PUNCTUAL_STATE"', 'it is no file that can be read'],
  ])('fails the run when it is %s, and says why', async (_what, text, problem) => {
    const { answer } = await answerOf(script, sh(text), { state: 'before' });
    expect(answer).toMatchObject({ ok: false, exitCode: 0 });
    expect(answer.cause).toContain(`the state in PUNCTUAL_STATE can’t be kept: ${problem}`);
    expect(answer).not.toHaveProperty('newState');
  });

  it('isn’t read of a run that fails or is stopped', async () => {
    const { answer } = await answerOf(script, sh('echo half > "$PUNCTUAL_STATE"; exit 3'));
    expect(answer).toMatchObject({ ok: false, cause: 'exit 3' });
    expect(answer).not.toHaveProperty('newState');
    const test = testWork(
      sh(
        'trap "exit 0" TERM; echo half > "$PUNCTUAL_STATE"; echo ready; while :; do sleep 0.05; done',
      ),
    );
    const ended = script.execute(test.work);
    await until(() => test.stdout().includes('ready'));
    test.stop('timed_out');
    expect(await ended).not.toHaveProperty('newState');
  });
});

describe('a command that is told of edited parameters', () => {
  /** Prints the file at the start and at each SIGHUP, until its count is 3. */
  const listener = (more = '') =>
    sh(
      `show() { tr -d ' \\n' < "$PUNCTUAL_PARAMETERS_FILE"; echo; grep -q '"count": 3' "$PUNCTUAL_PARAMETERS_FILE" && exit 0; }
trap show HUP; ${more} show; while :; do sleep 0.05; done`,
    );

  it('finds them in its file, and gets SIGHUP when they are rewritten', async () => {
    let tell: (change: ParameterChange) => void = () => {};
    const test = testWork(listener(), {
      parameters: { count: 1 },
      parameterFeed: { listen: (listener) => (tell = listener) },
    });
    const ended = script.execute(test.work);
    await until(() => test.stdout().includes('{"count":1}'));
    tell({ revision: 7, parameters: { count: 2 } });
    await until(() => test.stdout().includes('{"count":2}'));
    tell({ revision: 8, parameters: { count: 3 } });
    expect(await ended).toMatchObject({ ok: true });
    expect(test.stdout()).toBe('{"count":1}\n{"count":2}\n{"count":3}\n');
    expect(test.notes).toEqual([
      'The parameters of revision 7 were given, SIGHUP sent.',
      'The parameters of revision 8 were given, SIGHUP sent.',
    ]);
  });

  it('alone gets the signal, and not what it started', async () => {
    let tell: (change: ParameterChange) => void = () => {};
    // A child that SIGHUP would end: it is still there afterwards.
    const child = `(trap "echo child was told" HUP; while :; do sleep 0.05; done) & echo "pid $!";`;
    const test = testWork(listener(child), {
      parameters: { count: 1 },
      parameterFeed: { listen: (listener) => (tell = listener) },
    });
    const ended = script.execute(test.work);
    await until(() => test.stdout().includes('{"count":1}'));
    tell({ revision: 2, parameters: { count: 2 } });
    await until(() => test.stdout().includes('{"count":2}'));
    const [pid] = pidsIn(test.stdout(), 'pid');
    expect(isAlive(pid!)).toBe(true);
    // CONTROL: it would have said so.
    process.kill(pid!, 'SIGHUP');
    await until(() => test.stdout().includes('child was told'));
    expect(test.stdout().match(/child was told/g)).toHaveLength(1);
    tell({ revision: 3, parameters: { count: 3 } });
    expect(await ended).toMatchObject({ ok: true });
  });

  it('isn’t signalled while it starts: a change of before comes once it can listen', async () => {
    const test = testWork(listener(), {
      parameters: { count: 1 },
      parameterFeed: {
        listen: (listener) => {
          listener({ revision: 2, parameters: { count: 2 } });
          listener({ revision: 3, parameters: { count: 3 } });
        },
      },
    });
    const { ok } = await script.execute(test.work);
    expect(ok).toBe(true);
    expect(test.stdout()).toBe('{"count":1}\n{"count":3}\n');
    expect(test.notes).toEqual(['The parameters of revision 3 were given, SIGHUP sent.']);
  });

  it('has no such file unless its job asks for it', async () => {
    const { stdout } = await answerOf(script, sh('echo "[${PUNCTUAL_PARAMETERS_FILE-none}]"'));
    expect(stdout()).toBe('[none]\n');
  });
});

describe('the end of a script', () => {
  it.each([
    ['exit 2', { exitCode: 2, cause: 'exit 2', failure: 'exit_code' }],
    ['no-such-command-here', { exitCode: 127, cause: 'exit 127: a command was not found' }],
    ['kill -SEGV $$', { signal: 'SIGSEGV', cause: 'killed by SIGSEGV' }],
    [
      'kill -KILL $$',
      { signal: 'SIGKILL', cause: 'killed by SIGKILL, as the system does when memory runs out' },
    ],
  ])('%s says why', async (text, expected) => {
    const { answer } = await answerOf(script, sh(text));
    expect(answer).toMatchObject({ ok: false, ...expected });
  });

  it('keeps the result that it wrote', async () => {
    const { answer } = await answerOf(script, sh('echo "rows: 12 ✓" > "$PUNCTUAL_RESULT"'));
    expect(answer.result).toBe('rows: 12 ✓\n');
  });

  it('keeps 64 kB of a result, cut at a character, and says so', async () => {
    const { answer, notes } = await answerOf(
      script,
      sh(
        's="é"; for i in $(seq 1 100); do t="$t$s$s$s$s$s$s$s$s$s$s"; done; printf x > $PUNCTUAL_RESULT; for i in $(seq 1 50); do printf %s "$t" >> $PUNCTUAL_RESULT; done',
      ),
    );
    expect(Buffer.byteLength(answer.result!)).toBe(65_535);
    expect(answer.result).toMatch(/^xé+$/);
    expect(notes).toContain('The result was cut at 64 kB.');
  });

  it('makes any bytes of a result text that can be stored', async () => {
    const { answer } = await answerOf(
      script,
      sh(String.raw`printf 'a\000b\377' > "$PUNCTUAL_RESULT"`),
    );
    expect(answer.result).toBe('a␀b\ufffd');
  });

  it.each([
    ['a link to another file', 'ln -s /etc/hostname "$PUNCTUAL_RESULT"'],
    ['a pipe', 'mkfifo "$PUNCTUAL_RESULT"'],
    ['a folder', 'mkdir "$PUNCTUAL_RESULT"'],
  ])('takes no result from %s', async (_what, text) => {
    const { answer } = await answerOf(script, sh(text));
    expect(answer.ok).toBe(true);
    expect(answer.result).toBeUndefined();
  });
});

describe('rule 9: killing means the whole family; nothing survives', () => {
  // Each prints the pids of all that it started, and that it is ready.
  const TREES = {
    'children and grandchildren':
      'sleep 600 & echo "pid $!"; sh -c \'sleep 600 & echo "pid $!"; wait\' & echo "pid $!"',
    'a child that ignores TERM': '(trap "" TERM; while :; do sleep 0.05; done) & echo "pid $!"',
    'one that left the group': 'setsid sh -c \'echo "pid $$"; exec sleep 600\' &',
    'one that left the group and ignores TERM':
      'setsid sh -c \'trap "" TERM; echo "pid $$"; while :; do sleep 0.05; done\' &',
    'one that left the group twice, its parent gone':
      'setsid sh -c \'setsid sh -c "echo pid \\$\\$; exec sleep 600" & exit\' &',
    'one without any trace in its environment, its parent still there':
      'setsid env -i /bin/sh -c \'echo "pid $$"; exec sleep 600\' &',
    'a stopped one': 'sh -c \'echo "pid $$"; kill -STOP $$; sleep 600\' &',
  };

  it.each(Object.entries(TREES))('when told to stop: %s', async (_what, tree) => {
    const pidCount = (tree.match(/echo/g) ?? []).length;
    const test = testWork(sh(`trap "" TERM; ${tree}\necho ready; while :; do sleep 0.05; done`));
    const ended = script.execute(test.work);
    await until(
      () => test.stdout().includes('ready') && pidsIn(test.stdout(), 'pid').length >= pidCount,
    );
    const pids = pidsIn(test.stdout(), 'pid');
    // CONTROL: they do live until then.
    expect(pids.filter(isAlive)).toEqual(pids);
    test.stop();
    const stoppedAt = performance.now();
    const answer = await ended;
    expect(pids.filter(isAlive)).toEqual([]);
    expect(answer).toMatchObject({ ok: false, wasStopped: true });
    expect(performance.now() - stoppedAt).toBeLessThan(4_000);
  });

  it.each([
    ['in its group', 'sleep 600 & echo "pid $!"'],
    ['outside its group', 'setsid sh -c \'echo "pid $$"; exec sleep 600\' & sleep 0.2'],
    ['deaf to TERM', '(trap "" TERM; while :; do sleep 0.05; done) & echo "pid $!"'],
  ])('also when it ends by itself and leaves a child %s', async (_what, text) => {
    const { answer, stdout, notes, tookMs } = await answerOf(script, sh(text));
    const [pid] = pidsIn(stdout(), 'pid');
    expect(isAlive(pid!)).toBe(false);
    expect(answer).toMatchObject({ ok: true, exitCode: 0 });
    expect(notes.join()).toMatch(/left behind (was|were) ended/);
    expect(tookMs).toBeLessThan(5_000);
  });

  it('a fork tree that grows while it is killed', async () => {
    const text =
      'f() { if [ "$1" -gt 0 ]; then f $(($1 - 1)) & f $(($1 - 1)) & fi; sleep 0.02; [ "$1" -lt 6 ] || echo ready; sleep 600; }; f 6';
    const test = testWork(sh(text));
    const ended = script.execute(test.work);
    await until(() => test.stdout().includes('ready'));
    test.stop();
    await ended;
    expect(taggedProcesses(test.work.runId)).toEqual([]);
  });

  it('leaves one that listens to TERM its time to end well', async () => {
    const test = testWork(
      sh('trap "echo cleaned up; exit 0" TERM; echo ready; while :; do sleep 0.05; done'),
    );
    const ended = script.execute(test.work);
    await until(() => test.stdout().includes('ready'));
    test.stop();
    expect(await ended).toMatchObject({ ok: true, exitCode: 0, wasStopped: true });
    expect(test.stdout()).toContain('cleaned up');
  });

  it('a stop before the start starts nothing', async () => {
    const test = testWork(sh('echo started'));
    test.stop();
    expect(await script.execute(test.work)).toMatchObject({ ok: false, wasStopped: true });
    expect(test.stdout()).toBe('');
  });
});

describe('a stranger on the pipe', () => {
  // Out of the group, out of the environment, its parent gone: nobody can tell whose it was.
  const STRANGER = `setsid env -i /bin/sh -c '/bin/sh -c "echo pid \\$\\$; exec sleep 60" & exit'`;

  it('doesn’t hold up the attempt', async () => {
    const { answer, tookMs, notes, stdout } = await answerOf(
      script,
      sh(`${STRANGER}; sleep 0.2; echo done`),
    );
    const [stranger] = pidsIn(stdout(), 'pid');
    // CONTROL: it is there, on the pipe, so that waiting for the pipe's end would have taken a minute.
    expect(isAlive(stranger!)).toBe(true);
    process.kill(stranger!, 'SIGKILL');
    expect(answer).toMatchObject({ ok: true });
    expect(stdout()).toContain('done');
    expect(tookMs).toBeLessThan(4_000);
    expect(notes.join()).toContain('still holds the output open');
  });
});

describe('floods', () => {
  it('all that was written before the end arrives, also when the log is slow', async () => {
    let bytes = 0;
    const { answer } = await answerOf(script, sh('head -c 3000000 /dev/zero; echo end >&2'), {
      log: {
        async write(_stream, chunk) {
          bytes += chunk.length;
          await new Promise((resolve) => setImmediate(resolve));
        },
        note: () => {},
      },
    });
    expect(answer.ok).toBe(true);
    expect(bytes).toBe(3_000_004);
  });

  it('a log that takes nothing more doesn’t keep a stopped attempt from ending', async () => {
    const test = testWork(sh('yes'), {
      log: { write: () => new Promise<void>(() => {}), note: () => {} },
    });
    setTimeout(() => test.stop(), 200);
    const startedAt = performance.now();
    await script.execute(test.work);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('a process that never reads a signal and never ends writing is killed in time', async () => {
    const test = testWork(sh('trap "" TERM; yes'));
    const ended = script.execute(test.work);
    await until(() => test.bytes() > 1_000_000);
    test.stop('timed_out');
    expect(await ended).toMatchObject({ ok: false, wasStopped: true });
  });
});

function taggedProcesses(runId: number): string[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid))
    .map((pid) => readProcess(pid))
    .filter((entry) => entry?.tag?.includes(`punctual-${process.pid}-`) && !entry.isZombie)
    .filter((entry) => !entry!.tag!.startsWith(spawnerTagOf(process.pid)))
    .map((entry) => `${runId}: ${entry!.pid}`);
}
