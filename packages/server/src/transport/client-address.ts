import { BlockList, isIPv6 } from 'node:net';

/** The address of the client of a request, by the word of proxies where theirs is believed. */
export type ClientAddress = (remote: string, forwardedFor: string | undefined) => string;

/**
 * @param trust whose word is believed: everybody's, nobody's, or that of these addresses and blocks (CIDR).
 * @returns the last address of the way here that is not a believed proxy's, as Fastify has it for requests.
 */
export function createClientAddress(trust: boolean | readonly string[]): ClientAddress {
  const believed = typeof trust === 'boolean' ? () => trust : among(trust);
  return (remote, forwardedFor) => {
    const way = forwardedFor?.split(',').map((address) => address.trim()) ?? [];
    let address = remote;
    while (way.length > 0 && believed(address)) address = way.pop() ?? remote;
    return address;
  };
}

function among(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}
