// `npm test`: every step in its order, up to the first that fails. Its last line counts the tests of all steps.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Counts = { passed: number; failed: number };
type Step = { name: string; args: string[]; read: (report: string) => Counts };

const reports = mkdtempSync(path.join(tmpdir(), 'punctual-test-run-'));
process.on('exit', () => rmSync(reports, { recursive: true, force: true }));

const steps: Step[] = [
  { name: 'check', args: ['run', '--silent', 'check'], read: () => ({ passed: 0, failed: 0 }) },
  vitest('unit'),
  vitest('db'),
  playwright('e2e'),
  vitest('faults'),
];

const total: Counts = { passed: 0, failed: 0 };
for (const step of steps) {
  const { ok, passed, failed } = await run(step);
  total.passed += passed;
  // A step that ends badly without a failed test (a check, a crash) is a failure as well.
  total.failed += ok ? failed : Math.max(failed, 1);
  if (!ok) break;
}
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed} failed`);

function vitest(project: string): Step {
  return {
    name: project,
    args: `exec -- vitest run --project ${project} --reporter=default --reporter=json`
      .split(' ')
      .concat(`--outputFile.json=${reportOf(project)}`),
    read: (report) => {
      const { numPassedTests, numFailedTests } = JSON.parse(report) as VitestReport;
      return { passed: numPassedTests, failed: numFailedTests };
    },
  };
}
type VitestReport = { numPassedTests: number; numFailedTests: number };

function playwright(name: string): Step {
  return {
    name,
    args: ['exec', '--', 'playwright', 'test', '--reporter=list,json', '--pass-with-no-tests'],
    read: (report) => {
      const { expected, flaky, unexpected } = (JSON.parse(report) as PlaywrightReport).stats;
      return { passed: expected + flaky, failed: unexpected };
    },
  };
}
type PlaywrightReport = { stats: { expected: number; flaky: number; unexpected: number } };

async function run(step: Step): Promise<Counts & { ok: boolean }> {
  console.log(`\n── ${step.name} ${'─'.repeat(60 - step.name.length)}`);
  const since = performance.now();
  const child = spawn('npm', step.args, {
    stdio: 'inherit',
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf(step.name) },
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = Math.round((performance.now() - since) / 1000);
  const counts = countsOf(step);
  console.log(`── ${step.name}: ${code === 0 ? 'ok' : 'failed'} after ${seconds} s`);
  return { ok: code === 0, ...counts };
}

function countsOf(step: Step): Counts {
  try {
    return step.read(step.name === 'check' ? '' : readFileSync(reportOf(step.name), 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}

function reportOf(name: string): string {
  return path.join(reports, `${name}.json`);
}
