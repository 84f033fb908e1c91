import { STATUS_CODES } from 'node:http';
import { type Dispatcher, request as send } from 'undici';
import { stateText } from '#core/job-state/state-text.ts';
import { includesCode } from '#core/jobs/codes.ts';
import type { HttpConfig } from '#core/jobs/kinds/http.ts';
import { parseAllowList } from '#core/outbound/address-guard.ts';
import { createGuardedAgent, type GuardedAgent } from '#core/outbound/guarded-agent.ts';
import { noAnswer } from '#core/outbound/no-answer.ts';
import { retryAfterMs } from '#core/outbound/retry-after.ts';
import { MOST_BODY_BYTES, readBody } from './http/body.ts';
import { type Outgoing, prepareRequest, redirected } from './http/request.ts';
import type { Answer, Kind, Work } from './kind.ts';

/** One HTTP request, and the redirects that the job follows; the guard against internal addresses stands before each. */
export const http: Kind<HttpConfig> = {
  name: 'http',
  async execute(work) {
    const prepared = prepareRequest(work);
    if (!prepared.ok) return { ok: false, cause: prepared.problem };
    const guarded = createGuardedAgent(parseAllowList(work.httpAllow));
    try {
      return await follow(work, prepared.request, guarded);
    } finally {
      guarded.destroy();
    }
  },
};

async function follow(
  work: Work<HttpConfig>,
  first: Outgoing,
  { agent }: GuardedAgent,
): Promise<Answer> {
  let request = first;
  for (let redirects = 0; ; redirects++) {
    let response: Dispatcher.ResponseData;
    if (!work.mayGoOn())
      return { ok: false, wasStopped: true, cause: 'stopped before it was sent' };
    try {
      response = await exchange(work, request, agent);
      const target = work.config.maxRedirects > 0 ? locationOf(response) : null;
      if (target === null) return await judge(work, response);
      response.body.on('error', () => {}).destroy();
      if (redirects === work.config.maxRedirects) {
        const cause = `redirected more than ${redirects} ${redirects === 1 ? 'time' : 'times'}`;
        return { ok: false, failure: 'http_status', httpStatus: response.statusCode, cause };
      }
      const next = redirected(request, response.statusCode, target);
      if (!next)
        return {
          ok: false,
          failure: 'refused',
          cause: `redirected to ${target}, which is no web address`,
        };
      if (next.hasSecretBody && next.url.origin !== request.url.origin) {
        const cause = `redirected to ${next.url.host}, which isn’t given the secrets of the body`;
        return { ok: false, failure: 'refused', cause };
      }
      request = next;
    } catch (error) {
      if (work.signal.aborted) return { ok: false, wasStopped: true };
      return { ok: false, ...noAnswer(error, request.url) };
    }
  }
}

async function exchange(
  { log, signal, hide }: Work<HttpConfig>,
  { method, url, headers, body }: Outgoing,
  dispatcher: Dispatcher,
): Promise<Dispatcher.ResponseData> {
  log.note(`${method} ${url.href}`);
  const startedAt = performance.now();
  const response = await send(url, { method, headers, body, dispatcher, signal });
  const ms = Math.round(performance.now() - startedAt);
  const status = `${response.statusCode} ${STATUS_CODES[response.statusCode] ?? ''}`.trim();
  log.note(`${status} after ${ms} ms${wordsOfHeaders(response, hide)}`);
  return response;
}

async function judge(
  { config, log, signal, state }: Work<HttpConfig>,
  response: Dispatcher.ResponseData,
): Promise<Answer> {
  const { statusCode, body } = response;
  const { result, isCut } = await readBody(
    {
      body,
      contentType: headerOf(response, 'content-type') ?? '',
      contentEncoding: headerOf(response, 'content-encoding') ?? '',
    },
    log,
    signal,
  );
  if (isCut) log.note(`Only the first ${MOST_BODY_BYTES / 1_000_000} MB of the body was read.`);
  if (signal.aborted) return { ok: false, wasStopped: true };
  const answer = { httpStatus: statusCode, ...(result === undefined ? {} : { result }) };
  if (includesCode(config.expectedStatuses, statusCode)) {
    return answerWithState({ ok: true, ...answer }, headerOf(response, STATE_HEADER), state);
  }
  const wait = retryAfterMs(headerOf(response, 'retry-after'), new Date());
  return {
    ok: false,
    failure: 'http_status',
    cause: `answered ${statusCode} ${STATUS_CODES[statusCode] ?? ''}`.trim(),
    ...answer,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  };
}

const STATE_HEADER = 'punctual-state';

/** Without the header the state stays as it is; as with a file, one that can't be kept fails the run. */
function answerWithState(answer: Answer, header: string | undefined, before: string): Answer {
  if (header === undefined) return answer;
  // A header's bytes come as Latin-1, whatever they mean.
  const read = stateText(Buffer.from(header, 'latin1'));
  if (!read.ok) {
    const cause = `the state in the header Punctual-State can’t be kept: ${read.problem}`;
    return { ...answer, ok: false, cause };
  }
  return read.text === before ? answer : { ...answer, newState: read.text };
}

const REDIRECTS = [301, 302, 303, 307, 308];

function locationOf(response: Dispatcher.ResponseData): string | null {
  if (!REDIRECTS.includes(response.statusCode)) return null;
  return headerOf(response, 'location') ?? null;
}

// None of these carries a key or a cookie.
const TOLD = [
  'content-type',
  'content-length',
  'content-encoding',
  'retry-after',
  'server',
  'location',
];

function wordsOfHeaders(response: Dispatcher.ResponseData, hide: (text: string) => string): string {
  const told = TOLD.flatMap((name) => {
    const value = headerOf(response, name);
    return value === undefined ? [] : [`${name}: ${hide(value).slice(0, 200)}`];
  });
  return told.length === 0 ? '' : ` (${told.join('; ')})`;
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
