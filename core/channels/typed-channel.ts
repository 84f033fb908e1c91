import { done, type Outcome, refuse } from '../outcome.ts';
import type { ChannelSecrets, ChannelSettings, ChannelSettingsInput } from './channel.ts';

/** What may stand in the open of what was typed. */
export function settingsOf(
  typed: ChannelSettingsInput,
  secrets: ChannelSecrets | null,
): ChannelSettings {
  switch (typed.kind) {
    case 'webhook': {
      const { kind, method, contentType, body, isGrouped, headers } = typed;
      const headerNames = headers.map(({ name }) => name);
      const hasSecret = (secrets?.secret ?? '') !== '';
      return { kind, method, contentType, body, isGrouped, headerNames, hasSecret };
    }
    case 'email':
      return { kind: typed.kind, to: typed.to };
    case 'slack':
    case 'wecom':
      return { kind: typed.kind };
    case 'dingtalk':
    case 'feishu':
      return { kind: typed.kind, isSigned: (secrets?.secret ?? '') !== '' };
  }
}

/**
 * What is to be sealed: what was typed, and what was sealed before where a field was left empty. Null where the kind has
 * no secrets.
 *
 * An address that was changed takes headers and signing secret of its own: whoever may write channels but doesn't know
 * the old secrets must not have them sent to a place of their choice.
 */
export function secretsOf(
  typed: ChannelSettingsInput,
  before: ChannelSecrets | null,
): Outcome<ChannelSecrets | null> {
  if (typed.kind === 'email') return done(null);
  const url = typed.url === '' ? (before?.url ?? '') : typed.url;
  if (url === '') return problem(['url'], 'Give the address that messages go to.');
  const known = before !== null && isSameHost(before.url, url) ? before : null;
  const headers: Record<string, string> = {};
  for (const [index, { name, value }] of (typed.kind === 'webhook'
    ? typed.headers
    : []
  ).entries()) {
    const kept = known?.headers[name] ?? '';
    if (value === '' && kept === '') {
      return problem(
        ['headers', index, 'value'],
        before?.headers[name] === undefined
          ? 'Give the value of this header.'
          : 'The address leads to another host: give the value of this header again.',
      );
    }
    headers[name] = value === '' ? kept : value;
  }
  const secret = ownSecret(typed, known);
  if (secret === null) {
    const whose =
      typed.kind === 'webhook' ? 'the body names' : 'the robot shows beside its signature';
    return problem(['secret'], `Give the secret that ${whose}.`);
  }
  return done({ url, secret, headers });
}

/** Null: there should be one, and nobody gave it. */
function ownSecret(typed: ChannelSettingsInput, known: ChannelSecrets | null): string | null {
  if (typed.kind === 'email' || typed.kind === 'slack' || typed.kind === 'wecom') return '';
  if (!(typed.kind === 'webhook' ? typed.hasSecret : typed.isSigned)) return '';
  const secret = typed.secret === '' ? (known?.secret ?? '') : typed.secret;
  return secret === '' ? null : secret;
}

function isSameHost(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}

function problem(path: (string | number)[], message: string): Outcome<never> {
  return refuse('invalid', message, [{ path: ['settings', ...path], message }]);
}
