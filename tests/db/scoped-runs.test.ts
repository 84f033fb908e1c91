import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#core/auth/permissions.ts';
import { listJobs, listLabels } from '#core/jobs/reads.ts';
import { runHistogram } from '#core/runs/histogram.ts';
import { listRuns, type RunList } from '#core/runs/reads.ts';
import type { RunState } from '#core/runs/states.ts';
import { makeJob, type TestJob } from '#tests/support/jobs.ts';
import { insertRun } from '#tests/support/ledger.ts';
import { valueOf } from '#tests/support/outcomes.ts';
import { viewerOf, webDatabase } from '#tests/support/web.ts';

const web = webDatabase();
const team = (value: string) => ({ name: 'team', value });
const HOUR_MS = 3_600_000;

describe('lists and charts of runs hold what is in scope, each once', () => {
  // As many jobs as are asked for one by one, in one statement, and first among all runs.
  const SIZES = { few: 3, many: 30, crowd: 130, rare: 120 };
  const since = Date.now() - 30 * 24 * HOUR_MS;
  const states: RunState[] = ['succeeded', 'succeeded', 'failed', 'lost', 'skipped', 'cancelled'];
  let all: { id: number; team: string; state: RunState; at: number; queue: string }[] = [];

  beforeAll(async () => {
    all = [];
    for (const [name, size] of Object.entries({ ...SIZES, others: 40 })) {
      const jobs: TestJob[] = [];
      for (let n = 0; n < size; n++) {
        jobs.push(await makeJob(web.db(), { overlap: 'allow', labels: { team: name } }));
      }
      for (let n = 0; n < (name === 'rare' ? 20 : 150); n++) {
        const state = states[(n * 5) % states.length]!;
        const queue = n % 7 === 0 ? 'reports' : 'default';
        // Several runs share an instant.
        const at = since + Math.floor(n / 4) * 11 * HOUR_MS;
        const run = { state, queue, at, cause: n % 9 === 0 ? 'disk FULL' : null };
        const id = await insertRun(web.db().sql, {
          ...run,
          jobId: jobs[n % size]!.id,
          trigger: 'manual',
        });
        all.push({ id, team: name, state, at, queue });
      }
    }
  });

  const newestFirst = (teams: readonly string[]) =>
    all.filter((run) => teams.includes(run.team)).toSorted((a, b) => b.at - a.at || b.id - a.id);

  async function collect(actor: Actor, filters: object, direction: 'older' | 'newer') {
    const found: number[] = [];
    let cursor: string | null = null as string | null;
    if (direction === 'newer') {
      for (;;) {
        const page = valueOf(await listRuns(actor, { ...filters, limit: 50, cursor }));
        if (page.older === null) {
          cursor = page.newer;
          found.push(...page.runs.map(({ id }) => id).toReversed());
          break;
        }
        cursor = page.older;
      }
      if (cursor === null) return found.toReversed();
    }
    do {
      const page: RunList = valueOf(await listRuns(actor, { ...filters, limit: 7, cursor }));
      const ids = page.runs.map(({ id }) => id);
      found.push(...(direction === 'older' ? ids : ids.toReversed()));
      cursor = page[direction];
    } while (cursor !== null);
    return direction === 'older' ? found : found.toReversed();
  }

  test.each([['few'], ['many'], ['crowd'], ['rare'], ['few', 'many', 'rare']])(
    'of %s %s %s',
    async (...teams) => {
      const names = teams.filter((name) => name !== undefined);
      const actor = viewerOf(...names.map(team));
      const own = newestFirst(names);
      for (const direction of ['older', 'newer'] as const) {
        expect(await collect(actor, {}, direction)).toEqual(own.map(({ id }) => id));
      }
      const filters: [object, (run: (typeof all)[number]) => boolean][] = [
        [{ states: ['failed', 'lost'] }, ({ state }) => state === 'failed' || state === 'lost'],
        [{ states: ['succeeded'] }, ({ state }) => state === 'succeeded'],
        [{ queue: 'reports' }, ({ queue }) => queue === 'reports'],
        [
          { states: ['failed'], queue: 'reports' },
          (run) => run.state === 'failed' && run.queue === 'reports',
        ],
        [{ text: 'disk full', queue: 'nowhere' }, () => false],
      ];
      for (const [given, fits] of filters) {
        const expected = own.filter(fits);
        expect(await collect(actor, given, 'older')).toEqual(expected.map(({ id }) => id));
        const { total } = valueOf(
          await runHistogram(actor, { ...given, from: new Date(since - 1) }),
        );
        const sums = Object.groupBy(expected, ({ state }) => state);
        expect(total).toEqual(
          Object.fromEntries(Object.entries(sums).map(([state, runs]) => [state, runs.length])),
        );
      }
    },
  );

  test('of a label that no job carries', async () => {
    const actor = viewerOf(team('nobody'));
    expect(valueOf(await listRuns(actor, {})).runs).toEqual([]);
    expect(valueOf(await listJobs(actor, {}))).toMatchObject({ jobs: [], total: 0 });
    expect(await listLabels(actor)).toEqual([]);
  });
});
