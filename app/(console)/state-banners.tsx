import { BlackoutBanner } from '#components/blackouts/blackout-banner.tsx';
import { HealthBanner } from '#components/health/health-banner.tsx';
import { VaultBanner } from '#components/secrets/vault-banner.tsx';
import type { ShellState } from '#core/overview/shell.ts';

/** What holds for the whole installation, on top of every page, the worst first. Rare guests: loaded when one is there. */
export function StateBanners({
  facts: { health, vault, blackout, closed },
}: {
  facts: Pick<ShellState, 'health' | 'vault' | 'blackout' | 'closed'>;
}) {
  return (
    <>
      {health.level === 'bad' && (
        <HealthBanner health={health} mayOpen={!closed.includes('health')} />
      )}
      {vault && <VaultBanner vault={vault} />}
      {blackout && <BlackoutBanner blackout={blackout} />}
    </>
  );
}
