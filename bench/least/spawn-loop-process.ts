// `node spawn-loop-process.ts COUNT AT_ONCE MB`: spawns `true` and reads what it says, nothing else; prints how long it took, ms.
// A process of its own, with so much memory, since spawning takes the longer the more the parent has.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const [count, atOnce, megabytes] = process.argv.slice(2).map(Number) as [number, number, number];

const ballast = Buffer.alloc(megabytes * 1_000_000, 1);

const startedAtMs = performance.now();
let left = count;
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (left-- > 0) {
      const child = spawn('true', { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.resume();
      child.stderr.resume();
      await once(child, 'close');
    }
  }),
);

const tookMs = performance.now() - startedAtMs;
// Read at the end, so that it is kept until then.
if (ballast.length !== megabytes * 1_000_000) process.exitCode = 1;
process.stdout.write(String(tookMs));
