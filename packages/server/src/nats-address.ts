/** What an address of NATS says: where the servers are, who one is, and whether to speak in secret. */
export interface NatsAddress {
  /** `host:port` each. */
  servers: string[];
  user: string | undefined;
  password: string | undefined;
  token: string | undefined;
  tls: boolean;
}

/**
 * Reads `nats://user:password@host:4222,nats://other:4222`: servers of one cluster, separated by commas. The scheme
 * `tls` asks for encryption; a name without a password is a token; the port is 4222 where none is given. Who one is
 * may be said with any of the servers, but not differently.
 *
 * @returns undefined where the text is no such thing.
 */
export function parseNatsAddress(text: string): NatsAddress | undefined {
  const urls = text.split(',').map((part) => URL.parse(part.trim()));
  const known = urls.filter(isServer);
  if (known.length !== urls.length) return undefined;
  const names = new Set(known.filter((url) => url.username !== '').map((url) => `${url.username}:${url.password}`));
  if (names.size > 1) return undefined;
  const [user, password] = [...names][0]?.split(':').map(decodeURIComponent) ?? [];
  const isToken = password === '';
  return {
    servers: known.map((url) => `${url.hostname}:${url.port === '' ? '4222' : url.port}`),
    user: isToken ? undefined : user,
    password: isToken ? undefined : password,
    token: isToken ? user : undefined,
    tls: known.some((url) => url.protocol === 'tls:'),
  };
}

function isServer(url: URL | null): url is URL {
  return url !== null && /^(nats|tls):$/.test(url.protocol) && url.hostname !== '' && /^\/?$/.test(url.pathname);
}
