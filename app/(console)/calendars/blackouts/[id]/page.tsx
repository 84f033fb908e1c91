import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { BlackoutRefused, EditBlackoutPage } from '#components/blackouts/blackout-form-page.tsx';
import { blackoutQuery } from '#components/blackouts/blackout-queries.ts';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { may } from '#core/auth/permissions.ts';
import { readBlackout } from '#core/blackouts/read-blackouts.ts';
import { zoneNames } from '#core/schedules/zone-names.ts';
import { requireActor } from '../../../../session.ts';
import { create, edit } from '../actions.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('blackouts'))('edit') };
}

export default async function EditPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await requireActor(`/calendars/blackouts/${id}`);
  if (!may(actor, 'blackout:write')) return <BlackoutRefused />;
  const found = await readBlackout(actor, { id });
  if (!found.ok) notFound();
  const { id: blackoutId } = found.value;
  return (
    <ServerQueries
      queries={[
        {
          queryKey: blackoutQuery(blackoutId).queryKey,
          queryFn: () => Promise.resolve(found.value),
        },
      ]}
    >
      <EditBlackoutPage id={blackoutId} zones={zoneNames()} actions={{ create, edit }} />
    </ServerQueries>
  );
}
