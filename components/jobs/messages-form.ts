import type { JobMessages } from '#core/messages/rule.ts';
import type { Told } from '#core/messages/told.ts';
import { numberOf } from '#components/ui/typed-number.ts';

/** Who is told, as chosen; what another choice doesn't need stays for a change of mind. */
export type MessagesForm = {
  use: JobMessages['use'];
  channels: string[];
  on: Told[];
  /** Hours; empty: no reminder. */
  remind: string;
};

const ALL: Told[] = ['failed', 'lost', 'missed', 'auto_paused', 'recovered'];

export function messagesForm(saved: JobMessages | null): MessagesForm {
  const { use = 'default', channels = [], on = ALL, remindHours = null } = saved ?? {};
  return { use, channels, on, remind: remindHours === null ? '' : String(remindHours) };
}

/** The part of the definition that the form stands for, not yet checked. */
export function messagesOf({ use, channels, on, remind }: MessagesForm): JobMessages {
  const hours = remind.trim() === '' ? null : numberOf(remind);
  // What can't be read in a control that isn't shown must stop nobody from saving.
  const remindHours = use !== 'channels' && Number.isNaN(hours) ? null : hours;
  return { use, channels, on, remindHours };
}

/** The control that a path of `messages` belongs to. */
export function messagesControl([field]: readonly (string | number)[]): string {
  return `messages.${field === 'remindHours' ? 'remind' : String(field ?? 'use')}`;
}
