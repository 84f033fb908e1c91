import { wordsOfFinding } from '#core/audit/finding-words.ts';
import { readTrailState, type Verification, verifyTrail } from '#core/audit/verify.ts';
import type { TrailGuard } from '#core/audit/verify.sql.ts';
import { CommandProblem, EXIT, inInstallation } from './installation.ts';

export type VerifyOptions = { head: string[]; as?: string; json?: boolean };
export type HeadOptions = { as?: string; json?: boolean };

/** Walks the chain and says what isn't as it was sealed. */
export async function printVerification(options: VerifyOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const verified = await verifyTrail(actor, new Map(options.head.map(readKept)));
    if (!verified.ok) throw new CommandProblem(verified.refusal.message);
    const text = options.json
      ? JSON.stringify(jsonOf(verified.value))
      : linesOf(verified.value).join('\n');
    process.stdout.write(`${text}\n`);
    return verified.value.findings.length === 0 ? EXIT.yes : EXIT.no;
  });
}

/** `1042:9f2c…`, as `audit verify --head` takes it. */
export async function printHead(options: HeadOptions): Promise<void> {
  await inInstallation(options, async ({ actor }) => {
    const { seq, hash, sealedAt, waiting } = await readTrailState(actor);
    if (options.json) {
      process.stdout.write(
        `${JSON.stringify({ head: `${seq}:${hash}`, seq, hash, sealedAt, waiting })}\n`,
      );
      return EXIT.yes;
    }
    if (seq === 0) throw new CommandProblem('Nothing is sealed yet: a worker does it.');
    process.stdout.write(`${seq}:${hash}\n`);
    return EXIT.yes;
  });
}

function readKept(text: string): [number, string] {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new CommandProblem(
      `--head ${text} is no head. Give one as \`punctual audit head\` printed it.`,
    );
  }
  return [Number(seq), hash.toLowerCase()];
}

const jsonOf = (verification: Verification) => ({
  ...verification,
  findings: verification.findings.map((finding) => ({
    ...finding,
    sentence: wordsOfFinding(finding),
  })),
});

function linesOf({ walked, head, waiting, findings, guard }: Verification): string[] {
  const unsealed =
    waiting === 0 ? [] : [`${count(waiting, 'entry waits', 'entries wait')} to be sealed.`];
  const answer =
    findings.length === 0
      ? [
          `${count(walked, 'sealed entry is', 'sealed entries are')} as they were written.`,
          ...unsealed,
        ]
      : [
          ...findings.map(wordsOfFinding),
          '',
          `${count(walked, 'sealed entry', 'sealed entries')} looked at, ${count(findings.length, 'finding', 'findings')}.`,
          ...unsealed,
        ];
  return [
    ...answer,
    ...(head.seq === 0 ? [] : [`Head: ${head.seq}:${head.hash}`]),
    ...(guard.couldBeLifted ? [liftable(guard)] : []),
  ];
}

const liftable = ({ role, owner }: TrailGuard) =>
  `The role ${role} that Punctual works as ${role === owner ? 'owns the trail' : 'can act as its owner'}: it could lift what keeps the trail from being changed. ` +
  'docs/audit.md says how to have two roles.';

const count = (number: number, one: string, many: string) =>
  `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
