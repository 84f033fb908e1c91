'use client';

import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { Verification } from '#core/audit/verify.ts';
import type { Finding } from '#core/audit/walk.ts';
import type { Outcome } from '#core/outcome.ts';
import { useAct } from '#components/shell/use-act.ts';
import { RelativeTime } from '#components/time/relative-time.tsx';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/banner.tsx';
import { CopyButton } from '#components/ui/copy-button.tsx';
import { notify } from '#components/ui/toast.tsx';
import { auditState } from './audit-queries.ts';

export type VerifyAction = () => Promise<Outcome<Verification>>;

/** How far the trail is sealed, whether that was looked at, and what was found. */
export function AuditState({ verify }: { verify: VerifyAction }) {
  const t = useTranslations('audit.state');
  const client = useQueryClient();
  const { data } = useSuspenseQuery(auditState);
  const { act, pending } = useAct<'verify'>();
  const [found, setFound] = useState<Verification | null>(null);
  const check = async () => {
    const verified = await act('verify', verify);
    if (!verified) return;
    setFound(verified);
    if (verified.findings.length === 0) notify(t('fine', { count: verified.walked }));
    await client.invalidateQueries({ queryKey: auditState.queryKey });
  };
  const { guard, verified } = data;
  return (
    <>
      <div className="mt-5 flex items-start justify-between gap-4 phone:block">
        <p className="text-body text-pretty text-ink-2">
          {t.rich('sealed', {
            count: data.seq,
            b: (words) => <b className="font-medium text-ink">{words}</b>,
            at: () => (data.sealedAt ? <RelativeTime at={data.sealedAt} /> : ''),
          })}{' '}
          {data.waiting > 0 && t('waiting', { count: data.waiting })}{' '}
          {verified === null
            ? t('unchecked')
            : t.rich(verified.findings === 0 ? 'checked' : 'checkedBad', {
                count: verified.findings,
                at: () => <RelativeTime at={verified.at} />,
                ok: (words) => <span className="text-ok-ink">{words}</span>,
                bad: (words) => <b className="font-medium text-fail-ink">{words}</b>,
              })}{' '}
          {verified !== null &&
            data.seq > verified.seq &&
            t('since', { count: data.seq - verified.seq })}
        </p>
        <span className="flex shrink-0 items-center gap-2 phone:mt-3">
          {data.seq > 0 && (
            <span className="text-meta text-ink-3" title={t('headHint')}>
              {t('head')} <CopyButton text={`${data.seq}:${data.hash}`} />
            </span>
          )}
          <Button onClick={() => void check()} pending={pending !== null}>
            {t(verified === null ? 'check' : 'checkAgain')}
          </Button>
        </span>
      </div>
      {found && found.findings.length > 0 && <Findings findings={found.findings} />}
      {guard.couldBeLifted && (
        <Notice tone="info" className="mt-3">
          {t('liftable', { role: guard.role, isOwner: String(guard.role === guard.owner) })}
        </Notice>
      )}
    </>
  );
}

const SHOWN = 10;

function Findings({ findings }: { findings: readonly Finding[] }) {
  const t = useTranslations('audit.findings');
  const more = findings.length - SHOWN;
  return (
    <Notice tone="fail" title={t('title')} className="mt-3">
      <ul className="mt-1 list-disc pl-4">
        {findings.slice(0, SHOWN).map((finding, index) => (
          <li key={index}>
            <FindingWords finding={finding} />
          </li>
        ))}
      </ul>
      {more > 0 && <p>{t('more', { count: more })}</p>}
      <p className="mt-1">{t('next')}</p>
    </Notice>
  );
}

function FindingWords({ finding }: { finding: Finding }) {
  const t = useTranslations('audit.findings');
  switch (finding.kind) {
    case 'changed':
      return t('changed', {
        entry: finding.entryId,
        action: finding.action,
        subject: finding.subject,
      });
    case 'reordered':
      return t('reordered', { entry: finding.entryId, other: finding.otherEntryId });
    case 'removed':
    case 'unlinked':
    case 'inserted':
      return t(finding.kind, { entry: finding.entryId });
    case 'seals_removed':
    case 'tail_removed':
      return t(finding.kind, {
        count: finding.toSeq - finding.fromSeq + 1,
        from: finding.fromSeq,
      });
    case 'head_changed':
      return t('head_changed');
    case 'not_the_kept_one':
      return t('not_the_kept_one', { seal: finding.seq });
  }
}
