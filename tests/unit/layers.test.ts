import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A file that breaks one rule of docs/architecture.md, and a piece of what the linter must say about it. */
const REFUSED: [file: string, source: string, says: string][] = [
  ['core/jobs/a.ts', "import '#components/ui/button.tsx';", 'Imports run one way'],
  ['core/jobs/b.ts', "import '../../worker/planner.ts';", 'Imports run one way'],
  ['core/jobs/c.ts', "import '../../app/page.tsx';", 'Imports run one way'],
  ['core/jobs/d.ts', "import '../../cli/start.ts';", 'Imports run one way'],
  ['core/jobs/e.ts', "import 'next/headers';", 'without Next and React'],
  ['core/jobs/f.ts', "import 'react';", 'without Next and React'],
  ['core/jobs/g.ts', "import 'croner';", 'Only core/schedules knows croner'],
  ['core/schedules/h.ts', "import '#worker/planner.ts';", 'Imports run one way'],
  ['core/jobs/i.ts', "import '#tests/support/wait.ts';", "doesn't import from tests"],
  ['components/jobs/a.tsx', "import '../../app/page.tsx';", 'Imports run one way'],
  ['components/jobs/b.tsx', "import '#worker/planner.ts';", 'Imports run one way'],
  ['components/jobs/c.tsx', "import '#core/prisma.ts';", 'never the database'],
  ['components/jobs/d.tsx', "import 'pg';", 'never the database'],
  ['components/jobs/e.tsx', "import '#core/jobs/jobs.sql.ts';", 'never runs a statement'],
  ['components/jobs/f.tsx', "import 'cronstrue';", 'Only core/schedules knows croner'],
  ['components/ui/a.tsx', "import '#core/runs/states.ts';", 'without domain words'],
  ['components/ui/b.tsx', "import '#components/jobs/job.tsx';", 'on nothing but each other'],
  ['components/ui/c.tsx', "import '../jobs/job.tsx';", 'on nothing but each other'],
  ['app/a.tsx', "import '#worker/planner.ts';", 'Imports run one way'],
  ['app/jobs/b.tsx', "import '../../cli/start.ts';", 'Imports run one way'],
  ['app/jobs/c.tsx', "import '#core/jobs/jobs.sql.ts';", 'never runs a statement'],
  ['worker/a.ts', "import '../app/page.tsx';", 'Imports run one way'],
  ['worker/b.ts', "import '#components/ui/button.tsx';", 'Imports run one way'],
  ['worker/kinds/c.ts', "import '#core/prisma.ts';", 'never loads Prisma'],
  ['worker/d.ts', "import '@prisma/client';", 'never loads Prisma'],
  ['worker/e.ts', "import 'react';", 'neither Next nor React'],
  ['cli/a.ts', "import '#worker/main.ts';", 'Imports run one way'],
  ['cli/start/b.ts', "import '../../app/page.tsx';", 'Imports run one way'],
  ['prisma/a.ts', "import '#components/ui/button.tsx';", 'Imports run one way'],
  ['core/circle/one.ts', "import { two } from './two.ts';\nexport const one = () => two;", 'cycle'],
  [
    'core/circle/far.ts',
    "import { near } from '#core/circle/near.ts';\nexport const far = () => near;",
    'cycle',
  ],
];

/** The same kinds of import where they are allowed: what the rules must let through. */
const ALLOWED: [file: string, source: string][] = [
  ['core/circle/two.ts', "import { one } from './one.ts';\nexport const two = () => one;"],
  ['core/circle/near.ts', "import { far } from './far.ts';\nexport const near = () => far;"],
  ['core/workers/fine.ts', "import '../db.ts';\nimport './workers.sql.ts';"],
  ['core/schedules/fine.ts', "import 'croner';"],
  [
    'components/jobs/fine.tsx',
    "import 'react';\nimport '#core/runs/states.ts';\nimport '#components/ui/button.tsx';",
  ],
  [
    'components/ui/fine.tsx',
    "import 'react';\nimport './button.tsx';\nimport '#components/ui/button.tsx';",
  ],
  [
    'app/fine.tsx',
    "import 'next/headers';\nimport '#components/jobs/job.tsx';\nimport '#core/jobs/jobs.ts';",
  ],
  [
    'worker/fine.ts',
    "import '#core/db.ts';\nimport '#core/jobs/planning.sql.ts';\nimport './kinds/kinds.ts';",
  ],
  ['cli/fine.ts', "import '#core/db.ts';\nimport '#prisma/migrate.ts';"],
  ['core/jobs/fine.test.ts', "import '#tests/support/wait.ts';"],
];

const ROOT = path.resolve(import.meta.dirname, '../..');
let folder: string;
let findings: { file: string; says: string }[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'punctual-layers-'));
  for (const [file, source] of [...REFUSED, ...ALLOWED]) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), `${source}\n`);
  }
  for (const file of ['.oxlintrc.json', 'package.json', 'tsconfig.json']) {
    await cp(path.join(ROOT, file), path.join(folder, file));
  }
  findings = await lint(folder);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(REFUSED)('%s: %s', (file, _source, says) => {
  const about = findings.filter((finding) => finding.file === file).map((each) => each.says);
  expect(about.join('\n')).toContain(says);
});

test('control: what the layers allow is let through', () => {
  const circular = (file: string) => file.startsWith('core/circle/');
  const files = ALLOWED.map(([file]) => file).filter((file) => !circular(file));
  expect(findings.filter((finding) => files.includes(finding.file))).toEqual([]);
});

async function lint(cwd: string): Promise<{ file: string; says: string }[]> {
  const { stdout } = await execa('oxlint', ['--format=json'], {
    cwd,
    preferLocal: true,
    localDir: ROOT,
    reject: false,
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; message: string; help?: string }[];
  };
  return diagnostics.map(({ filename, message, help }) => ({
    file: filename,
    says: `${message}\n${help ?? ''}`,
  }));
}
