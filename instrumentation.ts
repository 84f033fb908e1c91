/** Runs once in a web process before it serves. */
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { stampRequests } = await import('#core/auth/client-address.ts');
  const { environment } = await import('#core/environment.ts');
  const { closeAllStreams } = await import('#core/events/hub.ts');
  stampRequests(environment().PUNCTUAL_URL);
  // An open event stream would hold the process for as long as its browser stays.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void closeAllStreams());
  }
}
