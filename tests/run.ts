// `npm test`: every step in its order, up to the first that fails. Its last line counts the tests of all steps.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestCounts } from './support/counts-reporter.ts';

type Step = { name: string; args: string[]; read: (report: string) => Omit<Outcome, 'ok'> };

/** `passed` includes those that failed first and passed when they were tried again (`flaky`). */
type Counts = { passed: number; failed: number; flaky: number };

/** `again`: what to try once more. */
type Outcome = Counts & { ok: boolean; again?: TestCounts['failedFiles'] };

const NONE: Counts = { passed: 0, failed: 0, flaky: 0 };
/** Where more files fail than that, it isn't by chance. */
const MOST_AGAIN = 3;

const reports = mkdtempSync(path.join(tmpdir(), 'punctual-test-run-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

// What has to do with real clocks and processes is tried twice, like a journey, and named where that was needed.
const steps: (() => Promise<Outcome>)[] = [
  () => run({ name: 'check', args: ['run', '--silent', 'check'], read: () => NONE }),
  () => run(vitest('unit')),
  () => runTwice('db'),
  () => run(playwright('e2e')),
  () => runTwice('faults'),
];

const total = { ...NONE };
for (const step of steps) {
  const { ok, passed, failed, flaky } = await step();
  total.passed += passed;
  total.flaky += flaky;
  // A step that ends badly without a failed test (a check, a crash) is a failure as well.
  total.failed += ok ? failed : Math.max(failed, 1);
  if (!ok) break;
}
process.exitCode = total.failed > 0 ? 1 : 0;
const again = total.flaky > 0 ? `, ${total.flaky} of them only when tried again` : '';
console.log(`${total.passed} passed${again}, ${total.failed} failed`);

/** A file in which something failed is run once more, alone and with a database of its own: its first try left something there. */
async function runTwice(project: string): Promise<Outcome> {
  const first = await run(vitest(project));
  const files = first.again ?? [];
  if (first.ok || files.length === 0 || files.length > MOST_AGAIN) return first;
  const second = await run(vitest(project, ...files.map(({ file }) => file)));
  const passedAtFirst = files.reduce((sum, { passed }) => sum + passed, 0);
  const flaky = Math.max(0, second.passed - passedAtFirst);
  if (second.ok) {
    const names = files.map(({ file }) => file).join(', ');
    console.log(`passed only when they were tried again: ${flaky} of ${names}`);
  }
  return { ...second, passed: first.passed + flaky, flaky };
}

function vitest(project: string, ...files: string[]): Step {
  return {
    name: project,
    args: `exec -- vitest run --project ${project} --reporter=default`
      .split(' ')
      .concat('--reporter=./tests/support/counts-reporter.ts', ...files),
    read: (report) => {
      const { failedFiles: again, ...counts } = JSON.parse(report) as TestCounts;
      return { ...counts, flaky: 0, again };
    },
  };
}

function playwright(name: string): Step {
  return {
    name,
    args: ['exec', '--', 'playwright', 'test', '--reporter=list,json', '--pass-with-no-tests'],
    read: (report) => {
      const { expected, flaky, unexpected } = (JSON.parse(report) as PlaywrightReport).stats;
      return { passed: expected + flaky, failed: unexpected, flaky };
    },
  };
}
type PlaywrightReport = { stats: { expected: number; flaky: number; unexpected: number } };

async function run(step: Step): Promise<Outcome> {
  console.log(`\n── ${step.name} ${'─'.repeat(60 - step.name.length)}`);
  const since = performance.now();
  const child = spawn('npm', step.args, {
    stdio: 'inherit',
    env: {
      ...process.env,
      PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf(step.name),
      PUNCTUAL_TEST_COUNTS: reportOf(step.name),
    },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = Math.round((performance.now() - since) / 1000);
  const counts = countsOf(step);
  console.log(`── ${step.name}: ${code === 0 ? 'ok' : 'failed'} after ${seconds} s`);
  return { ok: code === 0, ...counts };
}

function countsOf(step: Step): Omit<Outcome, 'ok'> {
  try {
    return step.read(step.name === 'check' ? '' : readFileSync(reportOf(step.name), 'utf8'));
  } catch {
    return NONE;
  }
}

function reportOf(name: string): string {
  return path.join(reports, `${name}.json`);
}
