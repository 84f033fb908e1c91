import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  CLOSE_HIDDEN_AFTER_MS,
  createLiveConnection,
  parseMessage,
  retryDelayMs,
  SAY_RECONNECTING_AFTER_MS,
  type LiveMessage,
  type LiveState,
} from './live-connection.ts';

/** Stands for the browser's EventSource, whose line the test cuts and mends. */
class FakeSource extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = FakeSource.CONNECTING;
  constructor() {
    super();
    FakeSource.all.push(this);
  }
  static get last(): FakeSource {
    return FakeSource.all.at(-1)!;
  }
  static get open(): number {
    return FakeSource.all.filter((source) => source.readyState !== FakeSource.CLOSED).length;
  }
  succeed() {
    this.readyState = FakeSource.OPEN;
    this.dispatchEvent(new Event('open'));
  }
  say(data: string) {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
  breakLine() {
    this.readyState = FakeSource.CONNECTING;
    this.dispatchEvent(new Event('error'));
  }
  refuse() {
    this.readyState = FakeSource.CLOSED;
    this.dispatchEvent(new Event('error'));
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
}

class FakeDocument extends EventTarget {
  visibilityState: 'visible' | 'hidden' = 'visible';
  turn(state: 'visible' | 'hidden') {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

let page: FakeDocument;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  page = new FakeDocument();
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function connect(isSignedOut = false) {
  const messages: LiveMessage[] = [];
  const states: LiveState[] = [];
  const connection = createLiveConnection({
    address: '/api/events',
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    isSignedOut: () => Promise.resolve(isSignedOut),
  });
  connection.start();
  return { connection, messages, states };
}

test('a cut stream comes back and says that anything may have changed meanwhile', async () => {
  const { messages, states } = connect();
  FakeSource.last.succeed();
  FakeSource.last.say('{"topic":"run","ids":[7]}');
  FakeSource.last.breakLine();
  await vi.advanceTimersByTimeAsync(500);
  FakeSource.last.succeed();
  expect(messages).toEqual([
    { topic: '*', ids: [] },
    { topic: 'run', ids: [7] },
    { topic: '*', ids: [] },
  ]);
  // Back within a second: nobody was told.
  expect(states).toEqual(['live', 'live']);
});

test('an outage is said after a second, and once', async () => {
  const { states } = connect();
  FakeSource.last.succeed();
  FakeSource.last.breakLine();
  await vi.advanceTimersByTimeAsync(SAY_RECONNECTING_AFTER_MS - 1);
  expect(states).toEqual(['live']);
  for (let tries = 0; tries < 5; tries++) {
    await vi.advanceTimersByTimeAsync(20_000);
    FakeSource.last.breakLine();
  }
  expect(states).toEqual(['live', 'reconnecting']);
  await vi.advanceTimersByTimeAsync(20_000);
  FakeSource.last.succeed();
  expect(states.at(-1)).toBe('live');
});

test('there is never more than one stream', async () => {
  connect();
  FakeSource.last.breakLine();
  page.turn('hidden');
  page.turn('visible');
  page.turn('visible');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSource.open).toBe(1);
});

test('a refused stream without a session says so instead of "reconnecting"', async () => {
  const { states } = connect(true);
  FakeSource.last.refuse();
  await vi.advanceTimersByTimeAsync(SAY_RECONNECTING_AFTER_MS * 2);
  expect(states).toEqual(['signed_out']);
});

test('a hidden tab gives its connection back and catches up when it is looked at', async () => {
  const { messages } = connect();
  FakeSource.last.succeed();
  page.turn('hidden');
  await vi.advanceTimersByTimeAsync(CLOSE_HIDDEN_AFTER_MS);
  expect(FakeSource.open).toBe(0);
  page.turn('visible');
  FakeSource.last.succeed();
  expect(messages).toEqual([
    { topic: '*', ids: [] },
    { topic: '*', ids: [] },
  ]);
});

test('a stopped connection stays closed', async () => {
  const { connection } = connect();
  FakeSource.last.breakLine();
  connection.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSource.open).toBe(0);
});

test('waits grow, are scattered and stay below a quarter of a minute', () => {
  expect(retryDelayMs(0, 0)).toBe(250);
  expect(retryDelayMs(0, 1)).toBe(500);
  expect(retryDelayMs(4, 0)).toBe(4_000);
  expect(retryDelayMs(1_000, 1)).toBe(15_000);
});

test('what is no message is no message', () => {
  expect(parseMessage('{"topic":"run"}')).toEqual({ topic: 'run', ids: [] });
  expect(parseMessage('{"topic":"run","ids":["7",8]}')).toEqual({ topic: 'run', ids: [8] });
  for (const data of ['', 'null', '[]', '{}', '{"topic":1}', '{']) {
    expect(parseMessage(data)).toBeNull();
  }
});
