import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvironment } from '#core/environment.ts';
import { isAllowedAddress, isAllowedHost, parseAllowList } from './address-guard.ts';

const NOTHING = parseAllowList([]);
const passes = (address: string, allow: string[] = []) =>
  isAllowedAddress(address, 80, parseAllowList(allow));

describe('the guard against internal addresses', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '100.127.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2001::1',
    '2001:db8::1',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    '100::1',
    '4000::1',
    'not an address',
    '',
    '127.1',
    '0x7f000001',
    '2130706433',
    '0177.0.0.1',
  ])('refuses %s', (address) => {
    expect(passes(address)).toBe(false);
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '2606:4700::1111',
    '64:ff9b::8.8.8.8',
    '::ffff:8.8.8.8',
  ])('CONTROL: lets the public %s through', (address) => {
    expect(passes(address)).toBe(true);
  });

  it('refuses every form of every private IPv4 address', () => {
    const low = fc.nat(0xff_ff_ff);
    const forms = (tail: number) => {
      const v4 = `10.${tail >> 16}.${(tail >> 8) & 255}.${tail & 255}`;
      return [v4, `::ffff:${v4}`, `64:ff9b::${v4}`, `::${v4}`];
    };
    fc.assert(
      fc.property(low, (tail) => {
        for (const form of forms(tail)) expect(passes(form)).toBe(false);
      }),
    );
  });
});

describe('the allow-list', () => {
  it('lets through networks, in each form of their addresses', () => {
    expect(passes('10.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(passes('::ffff:10.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(passes('fd00::5', ['fd00::/8'])).toBe(true);
    expect(passes('11.1.2.3', ['10.0.0.0/8'])).toBe(true);
    expect(passes('192.168.0.1', ['10.0.0.0/8'])).toBe(false);
  });

  it('lets through one address, or one port of it', () => {
    expect(passes('127.0.0.1', ['127.0.0.1'])).toBe(true);
    expect(isAllowedAddress('127.0.0.1', 3000, parseAllowList(['127.0.0.1:3000']))).toBe(true);
    expect(isAllowedAddress('127.0.0.1', 5432, parseAllowList(['127.0.0.1:3000']))).toBe(false);
    expect(isAllowedAddress('::1', 3000, parseAllowList(['[::1]:3000']))).toBe(true);
  });

  it('lets through names, whatever their case, and no name that only ends alike', () => {
    const allow = parseAllowList(['CI.internal', 'api.internal:8080']);
    expect(isAllowedHost('ci.internal', 80, allow)).toBe(true);
    expect(isAllowedHost('ci.internal.', 80, allow)).toBe(true);
    expect(isAllowedHost('evil-ci.internal', 80, allow)).toBe(false);
    expect(isAllowedHost('api.internal', 8080, allow)).toBe(true);
    expect(isAllowedHost('api.internal', 80, allow)).toBe(false);
  });

  it('is refused at the start when an entry can’t be understood', () => {
    const start = (entries: string) =>
      parseEnvironment({ DATABASE_URL: 'postgres://x', PUNCTUAL_HTTP_ALLOW: entries });
    for (const entries of [
      '10.0.0.0/8,ci.internal',
      '127.0.0.1:3000,[::1]:3000,fd00::/8',
      '::1',
      '',
    ]) {
      expect(() => start(entries)).not.toThrow();
    }
    for (const entries of [
      'http://ci.internal',
      '*',
      'a b',
      '10.0.0.0/eight',
      'ci.internal:port',
    ]) {
      expect(() => start(entries)).toThrow('PUNCTUAL_HTTP_ALLOW must be hosts');
    }
  });

  it('lets nothing through by an entry that can’t be understood', () => {
    for (const entry of ['10.0.0.0/99', '/', '*', '10.0.0.0/8/8', '0/0', 'all']) {
      expect(passes('10.1.2.3', [entry])).toBe(false);
    }
    expect(isAllowedAddress('10.1.2.3', 80, NOTHING)).toBe(false);
  });
});
