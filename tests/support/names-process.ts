// Loaded into a worker before its own program (`node --import`), by tests of what names resolve to: it answers for a few
// names what the test says, as a name server of somebody else's would. All others are looked up as ever.
import dns from 'node:dns';
import { isIPv6 } from 'node:net';

const answers = JSON.parse(process.env['PUNCTUAL_TEST_NAMES'] ?? '{}') as Record<string, string[]>;
delete process.env['NODE_OPTIONS'];
delete process.env['PUNCTUAL_TEST_NAMES'];

type Answer = (error: Error | null, addresses: dns.LookupAddress[]) => void;

const { lookup } = dns;
const answering = (hostname: string, options: dns.LookupAllOptions, callback: Answer): void => {
  const addresses = answers[hostname];
  if (!addresses) return lookup(hostname, options, callback);
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  process.nextTick(() => callback(null, found));
};
dns.lookup = answering as typeof lookup;
