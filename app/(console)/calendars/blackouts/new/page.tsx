import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { BlackoutRefused, NewBlackoutPage } from '#components/blackouts/blackout-form-page.tsx';
import { may } from '#core/auth/permissions.ts';
import { zoneNames } from '#core/schedules/zone-names.ts';
import { requireActor } from '../../../../session.ts';
import { create, edit } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('blackouts'))('new') };
}

export default async function NewPage() {
  const actor = await requireActor('/calendars/blackouts/new');
  if (!may(actor, 'blackout:write')) return <BlackoutRefused />;
  return <NewBlackoutPage zones={zoneNames()} actions={{ create, edit }} />;
}
