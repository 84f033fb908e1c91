import type pg from 'pg';

type Answer = pg.QueryResult | pg.QueryResult[];
type Ask = (statement: string | pg.QueryConfig) => Promise<Answer>;
type Callback = (error: unknown, answer?: Answer) => void;

const CONTROL = /^(BEGIN|COMMIT|ROLLBACK)\b(?! TO\b)/;

/**
 * Makes a connection fit for a pooler that lends it another session of PostgreSQL for each transaction (PgBouncer's
 * transaction pooling). What a session would keep is said at the begin of each transaction, and holds for that one alone;
 * a statement outside any gets one of its own. BEGIN and the settings are one message, and on a pipelined connection
 * nothing of this waits for an answer: it costs the server about 0.1 ms a transaction, and no round trip.
 *
 * @param client a connection for statements and their values; no streams
 */
export function sayInEachTransaction(
  client: pg.ClientBase,
  settings: Readonly<Record<string, string>>,
): void {
  const said = Object.entries(settings).map(([name, value]) => `SET LOCAL ${name} = '${value}'`);
  const begun = (text: string) =>
    text.replace(/^BEGIN[^;]*/, (begin) => [begin, ...said].join('; '));
  let isOpen = false;

  replaceQuery(client, (ask) => (statement) => {
    const control = CONTROL.exec(statement.text)?.[1];
    if (control === undefined) return isOpen ? ask(statement) : alone(ask, statement);
    isOpen = control === 'BEGIN';
    // Several statements in one message have neither name nor values.
    return ask(isOpen ? begun(statement.text) : statement);
  });

  async function alone(ask: Ask, statement: pg.QueryConfig): Promise<Answer> {
    const answers = await Promise.allSettled([
      ask(begun('BEGIN')),
      ask(statement),
      // After an error it undoes what there is.
      ask('COMMIT'),
    ]);
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    return (answers[1] as PromiseFulfilledResult<Answer>).value;
  }
}

/** Statements of this connection have no names: each is planned anew. */
export function forgetNames(client: pg.ClientBase): void {
  replaceQuery(
    client,
    (ask) =>
      ({ name: _name, ...statement }) =>
        ask(statement),
  );
}

/** Under everything that asks this connection: `sqlOf`, the pool's own `query`, Prisma's adapter. */
function replaceQuery(
  client: pg.ClientBase,
  make: (ask: Ask) => (statement: pg.QueryConfig) => Promise<Answer>,
): void {
  const carryOut = make(client.query.bind(client) as Ask);
  const query = (
    given: string | pg.QueryConfig,
    values?: unknown[] | Callback,
    callback?: Callback,
  ) => {
    const statement = typeof given === 'string' ? { text: given } : given;
    const done = typeof values === 'function' ? values : callback;
    const answer = carryOut(Array.isArray(values) ? { ...statement, values } : statement);
    if (!done) return answer;
    return void answer.then((value) => done(null, value), done);
  };
  client.query = query as typeof client.query;
}
