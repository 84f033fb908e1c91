import type { Answer } from './calls.ts';

/** One call, what came back, and what it changed. */
export type Call = {
  name: string;
  kind: 'action' | 'route';
  /** Needs no session: the answer may be that one isn't signed in. */
  isOpen: boolean;
  answer: Answer;
  /** Tables whose rows differ. */
  changed: readonly string[];
  /** Actions of the entries that the trail got. */
  entries: readonly string[];
  /** What the same call changes when its input is right, and its entries. */
  usual: { changed: ReadonlySet<string>; entries: ReadonlySet<string> };
  /** Statuses that are an answer and no failure, beside those of every route. */
  statuses?: readonly number[];
};

const REFUSALS = ['invalid', 'not_found', 'conflict', 'not_allowed'];
// 308: a part of the address is empty, and leads to the address without it.
const STATUSES = [200, 308, 400, 404, 405, 409, 413, 414, 431];

/** What is nobody's business: the words of a stack, of a schema's library, of Postgres or of its client. */
const INNER =
  /\bat .{0,200}\(?(?:file:|node:|\/)[^\s)]*:\d+:\d+|node_modules|ZodError|"(?:too_small|too_big|invalid_type|invalid_union|unrecognized_keys)"|Invalid input: expected|Prisma|prisma|violates (?:check|unique|foreign|not-null)|invalid input syntax|out of range for type|syntax error at|relation "|duplicate key|SQLSTATE|is not a function|Cannot read propert|is not defined/;

/** What is wrong with the answer, a sentence each; empty when nothing is. */
export function wrongIn(call: Call): string[] {
  const { kind, answer } = call;
  const wrong = kind === 'action' ? wrongInAction(call) : wrongInRoute(call);
  const [inner] = INNER.exec(answer.text) ?? [];
  if (inner !== undefined) wrong.push(`tells what is inside: ${inner.slice(0, 200)}`);
  return wrong;
}

function wrongInAction({ answer, isOpen, ...call }: Call): string[] {
  const { status, said, text } = answer;
  const isRefused = status !== 200 && status !== 303;
  if (isRefused) {
    // The proxy's answer to what React couldn't decode.
    return status === 400 || status === 413
      ? unchanged(call)
      : [`answers ${status}: ${text.slice(0, 200)}`];
  }
  if (!said) return [`answers nothing that can be read: ${text.slice(0, 300)}`];
  if (said.ok) return wrongInChange(call);
  const isKnown = REFUSALS.includes(said.code ?? '') || (isOpen && said.code === 'signed_out');
  return [
    ...(isKnown ? [] : [`refuses with ${said.code}: ${text.slice(0, 300)}`]),
    ...unchanged({ ...call, entries: isOpen ? [] : call.entries }),
  ];
}

function wrongInRoute({ answer, statuses = [], isOpen, ...call }: Call): string[] {
  const { status, text } = answer;
  if (![...STATUSES, ...statuses].includes(status)) {
    return [`answers ${status}: ${text.slice(0, 200)}`];
  }
  if (isOpen) return [];
  return status === 200 ? wrongInChange(call) : unchanged(call);
}

type Changes = Pick<Call, 'changed' | 'entries' | 'usual'>;

const unchanged = ({ changed, entries }: Pick<Call, 'changed' | 'entries'>): string[] => [
  ...changed.map((table) => `changes ${table}, and says that it doesn't`),
  ...entries.map((entry) => `leaves ${entry} in the trail, and says that it did nothing`),
];

/** Whoever changes these takes ticks back, if there are any. */
const WITH_TICKS = ['job', 'blackout', 'calendar', 'installation', 'gap'];

function wrongInChange({ changed, entries, usual }: Changes): string[] {
  const takesTicks = WITH_TICKS.some((table) => usual.changed.has(table));
  return [
    ...changed
      .filter((table) => !usual.changed.has(table))
      .filter((table) => !(takesTicks && (table === 'run' || table === 'gap')))
      .map((table) => `changes ${table}, which is not its business`),
    ...entries
      .filter((entry) => !usual.entries.has(entry))
      .map((entry) => `leaves ${entry} in the trail, which it didn't do`),
  ];
}
