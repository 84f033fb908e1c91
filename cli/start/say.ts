let terminal: NodeJS.WritableStream = process.stdout;

/** One line of progress for the person at the terminal. */
export function say(line: string): void {
  terminal.write(`${line}\n`);
}

/** For a command whose standard output is its answer. */
export function sayOnStandardError(): void {
  terminal = process.stderr;
}

/** Says every ten seconds that `what` still goes on; call the result when it doesn't any more. */
export function sayWhileWaiting(what: string): () => void {
  const since = Date.now();
  const timer = setInterval(() => {
    say(`  still ${what}, ${Math.round((Date.now() - since) / 1000)} s so far`);
  }, 10_000).unref();
  return () => clearInterval(timer);
}
