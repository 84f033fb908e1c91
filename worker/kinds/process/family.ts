import { setTimeout as pause } from 'node:timers/promises';
import { canListProcesses, listProcesses, processesAfter, type ProcessEntry } from './snapshot.ts';

const FIRST_LOOK_MS = 10;
const LONGEST_LOOK_MS = 200;
/** How long after KILL the kernel may take: a process in an uninterruptible wait can't be ended by anybody. */
const KILL_WITHIN_MS = 3_000;
/** No system gives all its pids away within this time, so that they would be in order no more. */
const PIDS_LAST_MS = 1_000;

/**
 * All processes that an attempt started: the process group of its first one, and on Linux also what left the group
 * (setsid) as long as it carries the attempt's tag in its environment or descends from a process that does.
 */
export class ProcessFamily {
  readonly #leader: number;
  readonly #tag: string;
  readonly #askedAtMs: number;
  /** Seen members by pid, with their start: descendants of a member stay members when it ends before them. */
  readonly #known = new Map<number, number>();

  /**
   * `leader` is the pid of a process started as leader of a group of its own, `tag` its PUNCTUAL_RESULT, `askedAtMs`
   * (monotonic) a moment before it was.
   */
  constructor(leader: number, tag: string, askedAtMs: number) {
    this.#leader = leader;
    this.#tag = tag;
    this.#askedAtMs = askedAtMs;
  }

  /**
   * For a leader that has ended: true when it certainly left nobody behind, as most do, found with little effort.
   *
   * @param spawners whose children lead families of their own
   */
  leftNobody(spawners: readonly number[]): boolean {
    if (!canListProcesses || performance.now() - this.#askedAtMs > PIDS_LAST_MS) return false;
    const later = processesAfter(this.#leader, spawners);
    return later !== null && familyIn(later, this.#leader, this.#tag, this.#known).length === 0;
  }

  /** TERM to all of them, KILL after `graceMs` to those still there. Resolves with how many outlived even that. */
  async end(graceMs: number): Promise<{ found: number; left: number }> {
    const deadline = performance.now() + graceMs;
    let alive = await this.#alive();
    this.#signalGroup('SIGTERM');
    this.#signal(alive, 'SIGTERM');
    let found = alive.length;
    for (let look = FIRST_LOOK_MS; alive.length > 0; look = Math.min(look * 2, LONGEST_LOOK_MS)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) break;
      await pause(Math.min(look, leftMs));
      alive = await this.#alive();
      found = Math.max(found, alive.length);
    }
    return { found, left: await this.#kill(alive) };
  }

  async #kill(members: number[]): Promise<number> {
    const deadline = performance.now() + KILL_WITHIN_MS;
    let alive = members;
    // Again after each KILL: a process may have forked between the look and its end.
    while (alive.length > 0) {
      this.#signalGroup('SIGKILL');
      this.#signal(alive, 'SIGKILL');
      if (performance.now() > deadline) return alive.length;
      await pause(FIRST_LOOK_MS);
      alive = await this.#alive();
    }
    return 0;
  }

  async #alive(): Promise<number[]> {
    if (!canListProcesses) return groupExists(this.#leader) ? [this.#leader] : [];
    const members = familyIn(await listProcesses(), this.#leader, this.#tag, this.#known);
    for (const { pid, startTicks } of members) this.#known.set(pid, startTicks);
    return members.filter((member) => !member.isZombie).map((member) => member.pid);
  }

  #signalGroup(signal: 'SIGTERM' | 'SIGKILL'): void {
    send(-this.#leader, signal);
    // A stopped process doesn't see TERM until it goes on.
    if (signal === 'SIGTERM') send(-this.#leader, 'SIGCONT');
  }

  #signal(pids: readonly number[], signal: 'SIGTERM' | 'SIGKILL'): void {
    for (const pid of pids) {
      send(pid, signal);
      if (signal === 'SIGTERM') send(pid, 'SIGCONT');
    }
  }
}

/** The members among all processes: of the group, tagged, known from before, and whatever descends from one of these. */
export function familyIn(
  all: readonly ProcessEntry[],
  groupId: number,
  tag: string,
  known: ReadonlyMap<number, number>,
): ProcessEntry[] {
  const members = new Set<number>();
  for (const { pid, groupId: group, tag: carried, startTicks } of all) {
    if (group === groupId || carried === tag || known.get(pid) === startTicks) members.add(pid);
  }
  for (let before = -1; before !== members.size;) {
    before = members.size;
    for (const { pid, parentPid } of all) if (members.has(parentPid)) members.add(pid);
  }
  return all.filter((entry) => members.has(entry.pid));
}

function groupExists(leader: number): boolean {
  return send(-leader, 0);
}

/** Whether there was somebody to send it to; `target` is a pid, or a process group below 0. */
export function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    // Gone already, or not ours to signal: what is left shows at the next look.
    return false;
  }
}
