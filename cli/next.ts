import { Argument, Option, type Command } from 'commander';

interface NextOptions {
  json?: boolean;
  tz: string;
  dialect: string;
  from?: string;
  count: string;
  missing?: string;
  repeated?: string;
}

/** `punctual next`: when a line fires, without a job, a database or a worker. */
export function registerNext(program: Command): void {
  program
    .command('next')
    .description('tell when a line fires next; with --json and no line, answer JSON lines')
    .addArgument(new Argument('[line]', 'such as "0 9 * * 1-5"'))
    .option('--tz <zone>', 'time zone of the line', 'UTC')
    .addOption(
      new Option('--dialect <dialect>', 'how the line is meant')
        .choices(['unix', 'croner', 'quartz', 'systemd'])
        .default('unix'),
    )
    .option('--from <instant>', 'UTC instant after which it fires (default: now)')
    .option('--count <n>', 'how many fires', '10')
    .addOption(
      new Option('--missing <rule>', 'a fixed time that the clock jumps over').choices([
        'end',
        'skip',
        'shift',
      ]),
    )
    .addOption(
      new Option('--repeated <rule>', 'the pass on which a fixed time runs twice shown').choices([
        'first',
        'second',
        'both',
      ]),
    )
    .option('--json', 'write JSON; without a line, answer the questions on standard input')
    .addHelpText('after', QUESTIONS)
    .action(async (line: string | undefined, options: NextOptions) => {
      const { answerLines, answerOnce } = await import('./next-answers.ts');
      if (line !== undefined) return answerOnce(line, options);
      if (options.json === true) return answerLines(process.stdin, process.stdout);
      console.error('Give a line, such as: punctual next "0 9 * * 1-5". Or --json, and questions.');
      process.exitCode = 1;
    });
}

const QUESTIONS = `
With --json and no line, each line of standard input is a question and each line of standard output its answer:
  {"id":"a","expression":"0 9 * * 1-5","dialect":"unix","tz":"Europe/Berlin","from":"2026-01-01T00:00:00Z","count":2,
   "dst":{"missing":"end","repeated":"first"}}
  {"id":"a","next":["2026-01-01T08:00:00.000Z","2026-01-02T08:00:00.000Z"]}   or   {"id":"a","error":"…"}
tz is UTC and dst the dialect's own where they are left out.`;
