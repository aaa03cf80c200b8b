import { expect, test } from 'vitest';
import { parseNatsAddress } from './nats-address.ts';

const NOBODY = { user: undefined, password: undefined, token: undefined, tls: false };

test.each([
  ['nats://localhost', { ...NOBODY, servers: ['localhost:4222'] }],
  ['nats://one:5000, nats://two:6000/', { ...NOBODY, servers: ['one:5000', 'two:6000'] }],
  ['nats://[::1]:4222', { ...NOBODY, servers: ['[::1]:4222'] }],
  ['tls://one,tls://two', { ...NOBODY, servers: ['one:4222', 'two:4222'], tls: true }],
  [
    'nats://anna:pa%3Ass@one,nats://two',
    { ...NOBODY, servers: ['one:4222', 'two:4222'], user: 'anna', password: 'pa:ss' },
  ],
  ['nats://s3cret@one', { ...NOBODY, servers: ['one:4222'], token: 's3cret' }],
])('%s says where and who', (text, address) => {
  expect(parseNatsAddress(text)).toEqual(address);
});

test.each([
  'localhost:4222',
  'http://one',
  'nats://',
  'nats://one,',
  'nats://one/path',
  'nats://a:b@one,nats://c:d@two',
])('%s is not an address of NATS', (text) => {
  expect(parseNatsAddress(text)).toBeUndefined();
});
