import type { AutoPauseRule } from '#core/auto-pause/auto-pause-rule.ts';
import type { CircuitRule, CircuitScope } from '#core/circuits/circuit-rule.ts';
import type { JobDefinitionInput } from '#core/jobs/definition.ts';
import { numberOf } from '#components/ui/typed-number.ts';
import { type Amount, amountOf, msOf } from './amount.ts';

/** "When it fails", as typed; what is empty doesn't matter. */
export type FailingForm = {
  circuit: 'off' | CircuitScope;
  failures: string;
  within: Amount;
  open: Amount;
  longest: Amount;
  inRow: string;
  percent: string;
  rateWithin: Amount;
  leastRuns: string;
  errorLines: string;
  linesWithin: Amount;
  pause: Amount;
};

export function failingForm(
  circuit: CircuitRule | null,
  autoPause: AutoPauseRule | null,
): FailingForm {
  const { inRow = null, rate = null, errorLines = null, pauseMs = null } = autoPause ?? {};
  return {
    circuit: circuit?.per ?? 'off',
    failures: String(circuit?.failures ?? 5),
    within: amountOf(circuit?.withinMs ?? 600_000),
    open: amountOf(circuit?.openMs ?? 60_000),
    longest: amountOf(circuit?.longestOpenMs ?? 3_600_000),
    inRow: inRow === null ? '' : String(inRow),
    percent: rate === null ? '' : String(rate.percent),
    rateWithin: amountOf(rate?.withinMs ?? 3_600_000),
    leastRuns: String(rate?.leastRuns ?? 10),
    errorLines: errorLines === null ? '' : String(errorLines.lines),
    linesWithin: amountOf(errorLines?.withinMs ?? 300_000),
    pause: amountOf(pauseMs, 'h'),
  };
}

export const pausesByItself = ({ inRow, percent, errorLines }: FailingForm) =>
  [inRow, percent, errorLines].some((typed) => typed.trim() !== '');

/** The parts of the definition that the form stands for, not yet checked. */
export function failingOf(form: FailingForm): Pick<JobDefinitionInput, 'circuit' | 'autoPause'> {
  return { circuit: circuitOf(form), autoPause: autoPauseOf(form) };
}

const ms = (amount: Amount) => msOf(amount) ?? Number.NaN;

function circuitOf(form: FailingForm): JobDefinitionInput['circuit'] {
  if (form.circuit === 'off') return null;
  return {
    per: form.circuit,
    failures: numberOf(form.failures),
    withinMs: ms(form.within),
    openMs: ms(form.open),
    longestOpenMs: ms(form.longest),
  };
}

function autoPauseOf(form: FailingForm): JobDefinitionInput['autoPause'] {
  if (!pausesByItself(form)) return null;
  const isGiven = (typed: string) => typed.trim() !== '';
  return {
    inRow: isGiven(form.inRow) ? numberOf(form.inRow) : null,
    rate: isGiven(form.percent)
      ? {
          percent: numberOf(form.percent),
          withinMs: ms(form.rateWithin),
          leastRuns: numberOf(form.leastRuns),
        }
      : null,
    errorLines: isGiven(form.errorLines)
      ? { lines: numberOf(form.errorLines), withinMs: ms(form.linesWithin) }
      : null,
    pauseMs: msOf(form.pause),
  };
}

/** The control that a path of `circuit` or `autoPause` belongs to. */
export function failingControl(path: readonly (string | number)[]): string {
  return `failing.${CONTROLS[path.join('.')] ?? (path[0] === 'circuit' ? 'circuit' : 'inRow')}`;
}

const CONTROLS: Readonly<Record<string, string>> = {
  'circuit.failures': 'failures',
  'circuit.withinMs': 'within.amount',
  'circuit.openMs': 'open.amount',
  'circuit.longestOpenMs': 'longest.amount',
  'autoPause.rate.percent': 'percent',
  'autoPause.rate.withinMs': 'rateWithin.amount',
  'autoPause.rate.leastRuns': 'leastRuns',
  'autoPause.errorLines.lines': 'errorLines',
  'autoPause.errorLines.withinMs': 'linesWithin.amount',
  'autoPause.pauseMs': 'pause.amount',
};
