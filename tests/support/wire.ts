// As much of PostgreSQL's protocol as tells which statement a client sends, and where an answer ends.

/** A statement that was sent for execution, and the one before it on the same connection. */
export type SentStatement = { statement: string; before: string };

/** Reads what a client sends, in whatever pieces it comes. */
export class StatementReader {
  readonly #prepared = new Map<string, string>();
  #rest: Buffer = Buffer.alloc(0);
  #isIntroduced = false;
  #before = '';

  read(bytes: Buffer): SentStatement[] {
    let rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const sent: SentStatement[] = [];
    for (;;) {
      // The first message says who connects, and has no letter in front.
      const letters = this.#isIntroduced ? 1 : 0;
      if (rest.length < letters + 4) break;
      const end = letters + rest.readUInt32BE(letters);
      if (rest.length < end) break;
      const statement = this.#isIntroduced
        ? this.#statementIn(String.fromCharCode(rest[0]!), rest.subarray(5, end))
        : null;
      this.#isIntroduced = true;
      rest = rest.subarray(end);
      if (statement === null) continue;
      sent.push({ statement, before: this.#before });
      this.#before = statement;
    }
    this.#rest = Buffer.from(rest);
    return sent;
  }

  #statementIn(letter: string, body: Buffer): string | null {
    const [first = '', second = ''] = letter === 'P' || letter === 'B' ? texts(body) : [];
    if (letter === 'Q') return body.subarray(0, -1).toString();
    if (letter === 'P') this.#prepared.set(first, second);
    if (letter === 'B') return this.#prepared.get(second) ?? '';
    return null;
  }
}

/** Whether these bytes of a server end with its word that it is ready for the next statement. */
export function answerEnds(bytes: Buffer): boolean {
  const at = bytes.length - 6;
  return at >= 0 && bytes[at] === 'Z'.charCodeAt(0) && bytes.readUInt32BE(at + 1) === 5;
}

function texts(body: Buffer): [string, string] {
  const first = body.indexOf(0);
  const second = body.indexOf(0, first + 1);
  return [body.subarray(0, first).toString(), body.subarray(first + 1, second).toString()];
}
