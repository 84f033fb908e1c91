import type { Reading } from '#core/secrets/redaction/reading.ts';
import { redact, Redactor } from '#core/secrets/redaction/redactor.ts';
import type { AttemptLog } from './attempt-log.ts';

/** A log that gets nothing of what the reading looks for: neither in the job's output nor in Punctual's own lines. */
export function hidingLog(log: AttemptLog, reading: Reading): AttemptLog {
  const redactors = { stdout: new Redactor(reading), stderr: new Redactor(reading) };
  return {
    write(stream, bytes) {
      const known = redactors[stream].push(bytes);
      return known.length === 0 ? undefined : log.write(stream, known);
    },
    note: (text) => log.note(redact(reading, text)),
    finish() {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = redactors[stream].end();
        if (rest.length > 0) void log.write(stream, rest);
      }
      return log.finish();
    },
    abandon: () => log.abandon(),
  };
}
