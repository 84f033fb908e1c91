import type { Finding } from './finding.ts';
import { deleteRowsWithoutRun, type LedgerFacts } from './ledger.sql.ts';

const MOST_DELETED = 10_000;

/** What of the ledger belongs to nothing, or to something else. */
export function ledgerFindings(facts: LedgerFacts): Finding[] {
  const findings: Finding[] = [];
  const { attemptsWithoutRun: attempts, logsWithoutRun: logs } = facts;
  if (attempts + logs > 0) {
    findings.push({
      check: 'orphans.runs',
      level: 'error',
      says: `${count(attempts, 'attempt')} and ${count(logs, 'piece')} of logs belong to runs that aren’t there.`,
      fix: 'npm run punctual -- doctor --fix deletes those that are older than an hour. Nobody can see them.',
      mend: async (sql) => {
        const gone = await deleteRowsWithoutRun(sql, MOST_DELETED);
        return gone.attempts + gone.logs === 0
          ? null
          : `Deleted ${count(gone.attempts, 'attempt')} and ${count(gone.logs, 'piece')} of logs whose runs aren’t there.`;
      },
    });
  }
  if (facts.runsWithoutJob > 0) {
    findings.push({
      check: 'orphans.jobs',
      level: 'error',
      says: `${count(facts.runsWithoutJob, 'run')} belong to jobs that aren’t there: rows of the table job were removed by hand.`,
      fix: 'Bring the jobs back from a backup (docs/operations.md).',
    });
  }
  if (facts.jobsWithoutRevision.length > 0) {
    findings.push({
      check: 'orphans.revisions',
      level: 'error',
      says: `The revision of ${some(facts.jobsWithoutRevision)} isn’t there, so that it can’t be planned or run.`,
      fix: 'Where an older revision is there the healer of a worker takes it; else bring the rows back from a backup (docs/operations.md).',
    });
  }
  if (facts.runsWithoutWorker > 0) {
    findings.push({
      check: 'orphans.workers',
      level: 'error',
      says: `${count(facts.runsWithoutWorker, 'run')} are said to go on although their worker is gone.`,
      fix: 'Any worker recovers them within seconds: start one. If one runs, its log says why the rescuer fails.',
    });
  }
  if (facts.overlappingGaps.length > 0) {
    findings.push({
      check: 'gaps',
      level: 'error',
      says: `Gaps of ${some(facts.overlappingGaps)} lie over each other, so that ticks count twice.`,
      fix: 'The constraint gap_no_overlap was dropped, or its index is damaged: look at the rows of the table gap, take out what is too much, and make the constraint anew as the migration 20261123000000_gaps_by_btree does.',
    });
  }
  return findings;
}

const count = (number: number, noun: string) =>
  `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;

const MOST_NAMED = 5;

export function some(keys: readonly string[]): string {
  const named = keys.slice(0, MOST_NAMED).join(', ');
  return keys.length > MOST_NAMED ? `${named} and ${keys.length - MOST_NAMED} others` : named;
}
