import { errors } from 'undici';
import { errorCode } from '../error-code.ts';
import { CONNECT_WITHIN_MS, InternalAddress, MOST_HEADER_BYTES } from './guarded-agent.ts';

export type NoAnswer = {
  /** `refused`: the guard's no. */
  failure: 'refused' | 'connection_error';
  /** A sentence that says what to look at. It names the host and never the rest of the address, which may be secret. */
  cause: string;
};

/** Why no answer came to a request. */
export function noAnswer(error: unknown, url: URL): NoAnswer {
  const refused = errorsIn(error).find((inner) => inner instanceof InternalAddress);
  if (refused) return { failure: 'refused', cause: refused.message };
  return { failure: 'connection_error', cause: causeOf(error, url) };
}

function causeOf(error: unknown, url: URL): string {
  const all = errorsIn(error);
  const code = all.map(errorCode).find((found) => found !== undefined) ?? '';
  const { host, hostname } = url;
  switch (code) {
    case 'ENOTFOUND':
      return `there is no host ${hostname}`;
    case 'EAI_AGAIN':
      return `the address of ${hostname} could not be looked up`;
    case 'ECONNREFUSED':
      return `${host} refused the connection: nothing listens there`;
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return `${host} closed the connection before its answer was complete`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `there is no way to ${host} from this worker`;
    case 'ETIMEDOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection to ${host} within ${CONNECT_WITHIN_MS / 1_000} s`;
    case 'UND_ERR_HEADERS_OVERFLOW':
      return `${host} sent more than ${MOST_HEADER_BYTES / 1_024} kB of headers`;
    case 'CERT_HAS_EXPIRED':
      return `the certificate of ${host} has expired`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return `the certificate of ${host} is signed by nobody whom this worker trusts (${code})`;
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `the certificate of ${host} is for another name`;
    default:
      if (all.some((inner) => inner instanceof errors.HTTPParserError)) {
        return `${host} didn't answer in HTTP`;
      }
      return `the request to ${host} failed: ${messageOf(all.at(-1))}`;
  }
}

/** The error, and what it wraps: its causes, and all attempts of a name with several addresses. */
function errorsIn(error: unknown, depth = 0): unknown[] {
  if (depth > 5 || !(error instanceof Error)) return [error];
  const inner = error instanceof AggregateError ? error.errors : [];
  const all = error.cause === undefined ? inner : [...inner, error.cause];
  return [error, ...all.flatMap((one) => errorsIn(one, depth + 1))];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
