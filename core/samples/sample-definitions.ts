import type { JobDefinitionInput } from '../jobs/definition.ts';

const every = (seconds: number) =>
  ({
    type: 'interval',
    everyMs: seconds * 1_000,
    anchor: '2026-01-01T00:00:00Z',
    timeZone: 'UTC',
  }) as const;

/** The jobs that a first visit offers. `healthUrl` is where Punctual says of itself whether it is alive. */
export function sampleDefinitions(healthUrl: string): JobDefinitionInput[] {
  return [
    {
      key: 'sample-heartbeat',
      work: { kind: 'script', interpreter: 'sh', text: HEARTBEAT },
      schedule: every(10),
      mayRunTwice: true,
      retry: {},
      parameters: [],
      timeoutMs: 8_000,
      labels: { sample: 'true' },
      notes:
        'Prints a few lines every 10 seconds: open a run while it is running to see them arrive.',
    },
    {
      key: 'sample-health',
      work: { kind: 'http', method: 'GET', url: healthUrl },
      schedule: every(60),
      mayRunTwice: true,
      retry: { backoff: 'fixed', maxAttempts: 2, delayMs: 5_000 },
      parameters: [],
      timeoutMs: 10_000,
      labels: { sample: 'true' },
      notes: 'Asks Punctual every minute whether it is alive.',
    },
    {
      key: 'sample-flaky',
      work: { kind: 'script', interpreter: 'sh', text: FLAKY },
      schedule: every(30),
      mayRunTwice: true,
      retry: { backoff: 'exponential', maxAttempts: 3, delayMs: 2_000, maxDelayMs: 10_000 },
      parameters: [],
      timeoutMs: 10_000,
      labels: { sample: 'true' },
      notes: 'Fails now and then, and is tried again up to two times.',
    },
  ];
}

const HEARTBEAT = `echo "Tick of $PUNCTUAL_TICK, attempt $PUNCTUAL_ATTEMPT"
for beat in 1 2 3; do
  echo "beat $beat at $(date -u +%H:%M:%S)"
  sleep 1
done
echo "Done."
`;

const FLAKY = `number=$(od -An -N1 -tu1 /dev/urandom | tr -d ' ')
echo "Drew $number of 255; below 100 this attempt fails."
if [ "$number" -lt 100 ]; then
  echo "It failed, as it does now and then." >&2
  exit 1
fi
echo "All well."
`;
