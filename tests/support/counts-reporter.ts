import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

export type TestCounts = {
  passed: number;
  failed: number;
  /** Files in which something failed, and how many of their tests passed. */
  failedFiles: { file: string; passed: number }[];
};

/** Writes how many tests passed into the file PUNCTUAL_TEST_COUNTS, and says what was missing for those that weren't run. */
export default class CountsReporter implements Reporter {
  readonly #counts: TestCounts = { passed: 0, failed: 0, failedFiles: [] };
  readonly #missing = new Map<string, number>();

  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === 'skipped' && result.note !== undefined) {
      this.#missing.set(result.note, (this.#missing.get(result.note) ?? 0) + 1);
    }
    if (result.state === 'passed') this.#counts.passed += 1;
    if (result.state === 'failed') this.#counts.failed += 1;
  }

  onTestModuleEnd(module: TestModule): void {
    if (module.ok()) return;
    const passed = [...module.children.allTests('passed')].length;
    this.#counts.failedFiles.push({ file: module.relativeModuleId, passed });
  }

  onTestRunEnd(): void {
    for (const [what, tests] of this.#missing) {
      console.log(`not run: ${tests} ${tests === 1 ? 'test' : 'tests'}. ${what}.`);
    }
    const file = process.env['PUNCTUAL_TEST_COUNTS'];
    if (file) writeFileSync(file, JSON.stringify(this.#counts));
  }
}
