import { describe, expect, test } from 'vitest';
import { createClientAddress } from './client-address.ts';

const CLIENT = '203.0.113.7';
const PROXY = '10.0.0.1';

describe('whose address a request comes from', () => {
  test.each([
    ['nobody is believed', false, PROXY, CLIENT, PROXY],
    ['everybody is believed', true, PROXY, `${CLIENT}, 192.0.2.1`, CLIENT],
    ['the proxy is believed', [PROXY], PROXY, CLIENT, CLIENT],
    ['its block is believed', ['10.0.0.0/8'], PROXY, CLIENT, CLIENT],
    ['it calls itself as IPv6 does', ['10.0.0.0/8'], '::ffff:10.0.0.1', CLIENT, CLIENT],
    ['what a client says of itself is not', ['10.0.0.0/8'], PROXY, `1.2.3.4, ${CLIENT}`, CLIENT],
    ['two proxies are believed', ['10.0.0.0/8', 'fd00::/8'], PROXY, `${CLIENT},fd00::2`, CLIENT],
    ['somebody else came straight here', ['10.0.0.0/8'], CLIENT, '1.2.3.4', CLIENT],
    ['a proxy asks for itself', ['10.0.0.0/8'], PROXY, undefined, PROXY],
  ] as const)('%s', (_what, trust, remote, forwardedFor, address) => {
    expect(createClientAddress(trust)(remote, forwardedFor)).toBe(address);
  });
});
