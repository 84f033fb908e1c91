import {
  createLoader,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs/server';
import { RUN_STATES, TRIGGERS } from '#core/runs/states.ts';

/** How far back the chart above the list looks. */
export const SPANS = {
  '1d': 86_400_000,
  '7d': 604_800_000,
  '30d': 2_592_000_000,
  '90d': 7_776_000_000,
};
export type Span = keyof typeof SPANS;
const spanNames = Object.keys(SPANS) as Span[];

/** Columns that one may show or hide; when, outcome, job and run always show. */
export const RUN_COLUMNS = [
  'took',
  'attempts',
  'why',
  'revision',
  'queue',
  'worker',
  'cause',
] as const;
export type RunColumn = (typeof RUN_COLUMNS)[number];
export const USUAL_COLUMNS: RunColumn[] = ['took', 'attempts', 'cause'];

/** What of the list stands in the address. Times are ISO 8601, `to` is exclusive; `cursor` names the page. */
export const runListParsers = {
  text: parseAsString.withDefault(''),
  state: parseAsArrayOf(parseAsStringLiteral(RUN_STATES)).withDefault([]),
  job: parseAsString,
  queue: parseAsString,
  worker: parseAsInteger,
  why: parseAsArrayOf(parseAsStringLiteral(TRIGGERS)).withDefault([]),
  backfill: parseAsInteger,
  from: parseAsString,
  to: parseAsString,
  span: parseAsStringLiteral(spanNames).withDefault('1d'),
  cursor: parseAsString,
  columns: parseAsArrayOf(parseAsStringLiteral(RUN_COLUMNS)).withDefault(USUAL_COLUMNS),
};

export const readRunListAddress = createLoader(runListParsers);
export type RunListAddress = Awaited<ReturnType<typeof readRunListAddress>>;

/** Goes to the first page of what was changed to. */
export type ChangeRunList = (change: Partial<RunListAddress>) => void;

export const RUNS_ON_PAGE = 50;

/** Which runs are meant. The same on both sides, since it is part of the queries' keys. */
export function runFilters(address: RunListAddress) {
  return {
    states: address.state,
    jobKey: address.job,
    queue: address.queue,
    workerId: address.worker,
    triggers: address.why,
    backfillId: address.backfill,
    from: address.from,
    to: address.to,
    text: address.text.trim() || null,
  };
}
export type ShownFilters = ReturnType<typeof runFilters>;

/** The address without any filter. */
export const NO_FILTERS = {
  text: '',
  state: [],
  job: null,
  queue: null,
  worker: null,
  why: [],
  backfill: null,
  from: null,
  to: null,
} satisfies Partial<RunListAddress>;

/** Whether anything narrows the list. */
export function isFiltered(address: RunListAddress): boolean {
  return Object.values(runFilters(address)).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== null,
  );
}
