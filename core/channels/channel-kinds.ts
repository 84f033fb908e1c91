/** How a channel carries messages; the CHECK `channel_kind_known` says the same. */
export const CHANNEL_KINDS = ['webhook', 'email', 'slack', 'wecom', 'dingtalk', 'feishu'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const WEBHOOK_METHODS = ['POST', 'PUT', 'PATCH'] as const;
export type WebhookMethod = (typeof WEBHOOK_METHODS)[number];
