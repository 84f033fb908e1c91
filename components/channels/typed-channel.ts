import type { ChannelKind, WebhookMethod } from '#core/channels/channel-kinds.ts';
import type { ChannelSettingsInput } from '#core/channels/channel.ts';
import type { ChannelView } from '#core/channels/read-channels.ts';

/** A channel as it is typed: the values of all kinds side by side, so that trying another one loses nothing. */
export type TypedChannel = {
  key: string;
  kind: ChannelKind;
  description: string;
  url: string;
  isSigned: boolean;
  secret: string;
  to: string;
  method: WebhookMethod;
  contentType: string;
  headers: { name: string; value: string }[];
  body: string;
  isGrouped: boolean;
  hasSecret: boolean;
};

export function typedChannel(channel: ChannelView | null): TypedChannel {
  const settings = channel?.settings;
  const webhook = settings?.kind === 'webhook' ? settings : null;
  return {
    key: channel?.key ?? '',
    kind: channel?.kind ?? 'slack',
    description: channel?.description ?? '',
    url: '',
    isSigned:
      settings !== undefined && settings !== null && 'isSigned' in settings && settings.isSigned,
    secret: '',
    to: settings?.kind === 'email' ? settings.to.join('\n') : '',
    method: webhook?.method ?? 'POST',
    contentType: webhook?.contentType ?? 'application/json',
    headers: webhook?.headerNames.map((name) => ({ name, value: '' })) ?? [],
    body: webhook?.body ?? '',
    isGrouped: webhook?.isGrouped ?? true,
    hasSecret: webhook?.hasSecret ?? false,
  };
}

export function settingsOf(typed: TypedChannel): ChannelSettingsInput {
  const { kind, url, secret, isSigned } = typed;
  switch (kind) {
    case 'webhook': {
      const { method, contentType, body, isGrouped, hasSecret } = typed;
      const headers = typed.headers.filter(isFilledIn);
      return { kind, url, method, contentType, headers, body, isGrouped, secret, hasSecret };
    }
    case 'email':
      return { kind, to: linesOf(typed.to) };
    case 'slack':
    case 'wecom':
      return { kind, url };
    case 'dingtalk':
    case 'feishu':
      return { kind, url, secret, isSigned };
  }
}

const isFilledIn = ({ name, value }: { name: string; value: string }) =>
  name.trim() !== '' || value !== '';

function linesOf(text: string): string[] {
  return text
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
