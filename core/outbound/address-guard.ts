import ipaddr from 'ipaddr.js';

/** What the guard lets through although it is internal, from PUNCTUAL_HTTP_ALLOW. */
export type AllowList = {
  /** Host names and addresses, lower case, with `:port` where only that port is meant. */
  hosts: ReadonlySet<string>;
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
};

/** Entries: `10.0.0.0/8`, `fd00::/8`, `10.1.2.3`, `ci.internal`, `127.0.0.1:3000`, `[::1]:3000`. */
export function parseAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>();
  const networks: [ipaddr.IPv4 | ipaddr.IPv6, number][] = [];
  for (const entry of entries) {
    if (entry.includes('/')) {
      // An entry that can't be understood lets nothing through.
      const isCidr =
        ipaddr.IPv4.isValidCIDRFourPartDecimal(entry) || ipaddr.IPv6.isValidCIDR(entry);
      if (isCidr) networks.push(ipaddr.parseCIDR(entry));
    } else {
      hosts.add(hostKey(entry));
    }
  }
  return { hosts, networks };
}

/** Is this host, by name or address as the job gives it, let through without a look at its addresses? */
export function isAllowedHost(host: string, port: number, { hosts }: AllowList): boolean {
  const key = hostKey(host);
  return hosts.has(key) || hosts.has(`${key}:${port}`);
}

/**
 * May a socket be opened to this address? Only if it is a public one (a global unicast address that IANA's registries
 * of special-purpose addresses don't name), or allowed. What can't be read as an address may not.
 */
export function isAllowedAddress(address: string, port: number, allow: AllowList): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = reached(ipaddr.parse(address));
  return (
    isPublic(ip) ||
    isAllowedHost(ip.toString(), port, allow) ||
    allow.networks.some(
      ([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits),
    )
  );
}

// 64:ff9b::/96: a gateway turns its last 32 bits into the IPv4 address that is reached (RFC 6052).
const NAT64 = ipaddr.IPv6.parse('64:ff9b::');
const GLOBAL_UNICAST = ipaddr.IPv6.parse('2000::');

/** The address that packets get to in the end: IPv6 forms of an IPv4 address are that address. */
function reached(ip: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (!(ip instanceof ipaddr.IPv6)) return ip;
  if (ip.isIPv4MappedAddress()) return ip.toIPv4Address();
  if (ip.match(NAT64, 96)) return new ipaddr.IPv4(ip.toByteArray().slice(12));
  return ip;
}

function isPublic(ip: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (ip.range() !== 'unicast') return false;
  return !(ip instanceof ipaddr.IPv6) || ip.match(GLOBAL_UNICAST, 3);
}

function hostKey(host: string): string {
  const lower = host.toLowerCase().replace(/^\[([^\]]*)\]/, '$1');
  const ip = ipaddr.isValid(lower) ? ipaddr.parse(lower) : null;
  // A name's final dot is the root's; an address is written in one way only.
  return ip ? ip.toString() : lower.replace(/\.$/, '');
}
