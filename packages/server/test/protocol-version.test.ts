import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { PROTOCOL_VERSION, socketDownFrames, socketUpFrames } from '@beseda/protocol/socket.ts';
import { describe, expect, test } from 'vitest';
import { ask } from '../testing/api-client.ts';
import { startTestServer } from '../testing/test-server.ts';

/**
 * The shapes of the socket's frames, by version of the protocol. When the test fails, the frames have changed: if old
 * clients can live with it, put the new hash here; if not, raise PROTOCOL_VERSION as well and say so in CHANGELOG.md.
 */
const SHAPES: Record<number, string> = {
  1: '75d92dbc999fff3b6870a8f55d3f9bf11e776d0bda504816c2895896d26a1534',
};

describe('WS7 the closed unions', () => {
  test('WS7 the frames are those that this version of the protocol was given for', () => {
    // Words for people may change freely.
    const words = new Set(['title', 'description', 'examples']);
    const shapes = JSON.stringify([socketUpFrames, socketDownFrames], (key, value: unknown) =>
      words.has(key) ? undefined : value,
    );
    expect(createHash('sha256').update(shapes).digest('hex')).toBe(SHAPES[PROTOCOL_VERSION]);
  });

  test('WS7 /asyncapi.json describes both doors, as AsyncAPI 3 has it', async () => {
    const server = await startTestServer();
    const { status, body } = await ask(server, 'GET', '/asyncapi.json');
    expect(status).toBe(200);
    const ajv = new Ajv({ strict: false, allErrors: true, meta: false, validateSchema: false });
    formats.default(ajv);
    const specs: unknown = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json');
    const validate = ajv.compile(Object(specs));
    expect(validate(body) ? [] : validate.errors).toEqual([]);
    expect(body).toMatchObject({
      channels: {
        everything: { address: '/ws', messages: { to_sync: { name: 'sync' }, from_synced: { name: 'synced' } } },
        chat: { address: '/ws/{chat_id}', messages: { to_message: { name: 'message' } } },
      },
    });
    const docs = JSON.stringify((await ask(server, 'GET', '/openapi.json')).body);
    expect(docs).toContain('/asyncapi.json');
    await server.stop();
  });
});
