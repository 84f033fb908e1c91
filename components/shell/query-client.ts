import { QueryClient } from '@tanstack/react-query';
import { HttpProblem } from './fetch-json.ts';

const MAX_RETRIES = 3;

/** A client whose data the event stream keeps fresh, so that nothing is fetched again merely because time went by. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The stream tells what changed; this only bounds how old data may be that no stream told about.
        staleTime: 60_000,
        gcTime: 5 * 60_000,
        // The browser's idea of "offline" is about the internet: an installation is often on a closed network.
        networkMode: 'always',
        refetchOnReconnect: false,
        retry: (failures, error) => failures < MAX_RETRIES && mayHelpToTryAgain(error),
        retryDelay: (attempt) => Math.min(8_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

function mayHelpToTryAgain(error: unknown): boolean {
  return !(error instanceof HttpProblem) || error.status >= 500 || error.status === 429;
}
