export const TEMPLATE = 'punctual_template';

/** The address of another database of the same server. */
export function urlOf(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}
