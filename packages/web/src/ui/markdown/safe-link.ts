/** Schemes that a link in a message may have: nothing that runs, and nothing of this page's own. */
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:']);

/** The address of a link that may be followed; undefined where it may not. */
export function safeLink(address: string): string | undefined {
  // Only whole addresses: one that is relative would lead into this client.
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return SCHEMES.has(protocol) ? href : undefined;
}
