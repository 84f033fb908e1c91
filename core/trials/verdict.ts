/** Ended runs of one side. Tests, cancelled and skipped ones don't count. */
export type Side = {
  runs: number;
  /** Failed, timed out or lost. */
  failed: number;
  /** Of those that succeeded, ms; null: none did. */
  p95Ms: number | null;
};

export type Figures = { trial: Side; base: Side };

export const TRIAL_REASONS = [
  'enough_runs',
  'more_failures',
  'slower',
  'too_few_runs',
  'by_hand',
  'edited',
  'deleted',
] as const;
export type TrialReason = (typeof TRIAL_REASONS)[number];

export type Verdict = {
  outcome: 'went_on' | 'went_back';
  reason: Extract<TrialReason, 'enough_runs' | 'more_failures' | 'slower' | 'too_few_runs'>;
};

/** Going back early takes so many failures at least, and odds below one in a hundred that the new revision is no worse. */
const EARLY_FAILURES = 3;
const EARLY_ODDS = 0.01;
/** At the end one in twenty is enough. */
const FINAL_ODDS = 0.05;
/** Slower is half as long again, and a second at least; told only of twenty successes on each side. */
const SLOWER = 1.5;
const SLOWER_MS = 1_000;
const LEAST_TO_COMPARE = 20;
/** A trial whose time is over before so many runs says nothing. */
export const LEAST_RUNS = 5;

/**
 * What becomes of a trial as it stands; null: it goes on being tried. No more than it claims to be: failures are held
 * against the old revision's rate by the binomial distribution, durations against a factor.
 */
export function verdictOf(
  { untilRuns, untilAt }: { untilRuns: number; untilAt: Date },
  { trial, base }: Figures,
  now: Date,
): Verdict | null {
  const odds = oddsOfSoManyFailures(trial, base);
  if (trial.failed >= EARLY_FAILURES && odds < EARLY_ODDS) return back('more_failures');
  if (trial.runs < untilRuns && now < untilAt) return null;
  if (trial.runs < LEAST_RUNS) return back('too_few_runs');
  if (trial.failed > 0 && odds < FINAL_ODDS) return back('more_failures');
  if (isSlower(trial, base)) return back('slower');
  return { outcome: 'went_on', reason: 'enough_runs' };
}

const back = (reason: Verdict['reason']): Verdict => ({ outcome: 'went_back', reason });

/**
 * How likely at least so many failures are if the trial fails as often as the old revision does. Of an old revision that
 * hardly ran little is known, so its rate begins at one in two and goes with what is known (Laplace's rule).
 */
export function oddsOfSoManyFailures(trial: Side, base: Side): number {
  const rate = (base.failed + 1) / (base.runs + 2);
  let fewer = 0;
  // In logarithms: of 1,000 runs no single term would be a number.
  let logTerm = trial.runs * Math.log1p(-rate);
  for (let failures = 0; failures < trial.failed; failures++) {
    fewer += Math.exp(logTerm);
    logTerm += Math.log((trial.runs - failures) / (failures + 1)) + Math.log(rate / (1 - rate));
  }
  return Math.max(0, 1 - fewer);
}

function isSlower(trial: Side, base: Side): boolean {
  if (trial.p95Ms === null || base.p95Ms === null) return false;
  const successes = [trial, base].map(({ runs, failed }) => runs - failed);
  if (Math.min(...successes) < LEAST_TO_COMPARE) return false;
  return trial.p95Ms > SLOWER * base.p95Ms && trial.p95Ms > base.p95Ms + SLOWER_MS;
}
