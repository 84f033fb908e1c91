/** Whether a write failed since another job took the key in the meantime (the index `job_key_in_use`). */
export function isKeyTaken(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 'P2002' && String(message).includes('key');
}
