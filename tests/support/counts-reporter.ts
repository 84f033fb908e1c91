import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase } from 'vitest/node';

/** `passed` includes those that failed first and passed when they were tried again (`flaky`). */
export type TestCounts = { passed: number; failed: number; flaky: number };

/**
 * Writes how many tests passed into the file PUNCTUAL_TEST_COUNTS, and says why those that needed a second try failed at first,
 * and what was missing for those that weren't run.
 */
export default class CountsReporter implements Reporter {
  readonly #counts: TestCounts = { passed: 0, failed: 0, flaky: 0 };
  readonly #tried: string[] = [];
  readonly #missing = new Map<string, number>();

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    const { state, errors } = result;
    if (result.state === 'skipped' && result.note !== undefined) {
      this.#missing.set(result.note, (this.#missing.get(result.note) ?? 0) + 1);
    }
    if (state === 'passed') this.#counts.passed += 1;
    if (state === 'failed') this.#counts.failed += 1;
    if (!test.diagnostic()?.flaky) return;
    this.#counts.flaky += 1;
    const why = errors
      ?.map(({ stack, message, diff = '' }) => `${stack ?? message}\n${diff}`)
      .join('\n');
    this.#tried.push(`${test.module.relativeModuleId} > ${test.fullName}\n${why}`);
  }

  onTestRunEnd(): void {
    for (const test of this.#tried) console.log(`passed only when it was tried again: ${test}`);
    for (const [what, tests] of this.#missing) {
      console.log(`not run: ${tests} ${tests === 1 ? 'test' : 'tests'}. ${what}.`);
    }
    const file = process.env['PUNCTUAL_TEST_COUNTS'];
    if (file) writeFileSync(file, JSON.stringify(this.#counts));
  }
}
