import path from 'node:path';
import { authorize } from '#core/auth/permissions.ts';
import { createPool } from '#core/db.ts';
import { examine, mendFinding, type Patient } from '#core/doctor/examine.ts';
import type { Finding } from '#core/doctor/finding.ts';
import { englishHealthWords } from '#core/health/english.ts';
import { environment } from '#core/environment.ts';
import { readFreeBytes } from '#core/health/own-disk.ts';
import { fileFindings } from './doctor-files.ts';
import { type Exit, EXIT, inInstallation, type Installation } from './installation.ts';

export type DoctorOptions = { fix?: boolean; json?: boolean; as?: string };

/** A finding as it is printed; `mended`: what was done about it, null where nothing was. */
type Printed = Omit<Finding, 'mend'> & { mended: string | null };

/** Examines, mends where that was asked for, and prints: what is wrong first. */
export async function printExamination(options: DoctorOptions): Promise<void> {
  await inInstallation(options, (installation) => report(installation, options), {
    mayBeWrong: true,
  });
}

async function report({ actor, directUrl }: Installation, options: DoctorOptions): Promise<Exit> {
  authorize(actor, options.fix ? 'installation:write' : 'health:read');
  const pool = createPool({
    url: directUrl,
    max: 2,
    applicationName: 'punctual-doctor',
    isPatient: true,
  });
  const patient: Patient = {
    pool,
    addresses: environment(),
    actor,
    words: englishHealthWords(),
    freeBytes: () => readFreeBytes(environment()),
  };
  try {
    const findings = [
      ...(await examine(patient, tellStep)),
      ...fileFindings(path.resolve(environment().PUNCTUAL_DATA_DIR)),
    ];
    const printed = await mendAll(patient, findings, options.fix ?? false);
    const lines = options.json ? [JSON.stringify(summaryOf(printed))] : linesOf(printed);
    process.stdout.write(`${lines.join('\n')}\n`);
    return printed.some(isWrong) ? EXIT.no : EXIT.yes;
  } finally {
    await pool.end();
  }
}

const isWrong = ({ level, mended }: Printed) => level === 'error' && mended === null;

async function mendAll(
  patient: Patient,
  findings: Finding[],
  isAsked: boolean,
): Promise<Printed[]> {
  const printed: Printed[] = [];
  for (const finding of findings) {
    const { mend: _mend, ...rest } = finding;
    printed.push({ ...rest, mended: isAsked ? await mendFinding(patient, finding) : null });
  }
  return printed;
}

function tellStep(step: string): void {
  if (process.stderr.isTTY) process.stderr.write(`  looking at ${step}…\x1b[K\r`);
}

const summaryOf = (findings: readonly Printed[]) => ({
  findings,
  errors: findings.filter(isWrong).length,
  advice: findings.filter(({ level, mended }) => level === 'advice' && mended === null).length,
  mended: findings.filter(({ mended }) => mended !== null).length,
});

function linesOf(findings: readonly Printed[]): string[] {
  const ordered = [
    ...findings.filter(isWrong),
    ...findings.filter(({ mended }) => mended !== null),
    ...findings.filter(({ level, mended }) => level === 'advice' && mended === null),
  ];
  const { errors, advice, mended } = summaryOf(findings);
  const counts = [
    `${errors} ${errors === 1 ? 'error' : 'errors'}`,
    ...(mended > 0 ? [`${mended} mended`] : []),
    ...(advice > 0 ? [`${advice} to think about`] : []),
  ];
  return [
    ...ordered.flatMap(finding),
    findings.length === 0 ? 'Nothing is wrong with this installation.' : `${counts.join(', ')}.`,
  ];
}

function finding({ check, level, says, fix, mended }: Printed): string[] {
  if (mended !== null) return [`MENDED  ${check}: ${says}`, `        ${mended}`, ''];
  return [
    `${level === 'error' ? 'ERROR ' : 'advice'}  ${check}: ${says}`,
    `        Fix: ${fix}`,
    '',
  ];
}
