/** Runs once in a web process before it serves. */
export async function register(): Promise<void> {
  // Written so that the bundler leaves Node's part out of the edge runtime, where nothing of ours runs.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { closeStreamsWhenTold } = await import('#core/events/close-streams.ts');
    closeStreamsWhenTold();
  }
}
