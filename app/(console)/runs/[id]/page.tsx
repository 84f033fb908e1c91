import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { runDetail } from '#components/runs/run-queries.ts';
import { RunScreen } from '#components/runs/run-screen.tsx';
import { ServerQueries } from '#components/shell/server-queries.tsx';
import { whyQuery } from '#components/why/why-query.ts';
import { type Actor, may, NotAllowed } from '#core/auth/permissions.ts';
import { readGoneRun } from '#core/history/gone-run.ts';
import { readLog } from '#core/logs/logs.ts';
import { readRun } from '#core/runs/read-run.ts';
import { readWhy } from '#core/why/read-why.ts';
import { GoneRunState } from '../../../gone-run-state.tsx';
import { requireActor } from '../../../session.ts';
import { valueOf } from '../../../value-of.ts';
import { cancel, retry, runAgainWith, runAsTest } from '../actions.ts';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations('run');
  return { title: t('title', { id: Number((await params).id) }) };
}

export default async function RunPage({ params }: Props) {
  const text = (await params).id;
  const actor = await requireActor(`/runs/${encodeURIComponent(text)}`);
  const id = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  const [detail, log] = await Promise.all([readRun(actor, id), logOf(actor, id)]);
  if (!detail.ok || log?.ok === false) {
    const gone = detail.ok ? null : await readGoneRun(actor, id);
    if (gone) return <GoneRunState words={gone} />;
    notFound();
  }
  const job = { labels: detail.value.run.jobLabels };
  return (
    <ServerQueries
      queries={[
        { queryKey: runDetail(id).queryKey, queryFn: () => Promise.resolve(detail.value) },
        ...(detail.value.run.state === 'queued'
          ? [
              {
                queryKey: whyQuery({ runId: id }).queryKey,
                queryFn: async () => valueOf(await readWhy(actor, { runId: id })),
              },
            ]
          : []),
      ]}
    >
      <RunScreen
        id={id}
        initialLog={log && log.value}
        may={{
          retry: may(actor, 'run:retry', job),
          cancel: may(actor, 'run:cancel', job),
          test: may(actor, 'job:trigger', job),
        }}
        actions={{ cancel, retry, runAgainWith, runAsTest }}
      />
    </ServerQueries>
  );
}

/** Null where one may see the run and not its log. */
async function logOf(actor: Actor, runId: number) {
  try {
    return await readLog(actor, { runId, at: { from: 'tail' } });
  } catch (error) {
    if (error instanceof NotAllowed) return null;
    throw error;
  }
}
