import type { Bus } from '../src/bus/bus.ts';
import { createTestDatabase } from './test-database.ts';
import { createTestClock, startTestServer, type TestServer } from './test-server.ts';

export interface TestNodes {
  servers: TestServer[];
  stop(): Promise<void>;
}

/**
 * Several real servers on one database.
 *
 * @param connect joins the bus as one more node.
 */
export async function startTestNodes(count: number, connect: () => Bus): Promise<TestNodes> {
  const database = await createTestDatabase(10 * count);
  const clock = createTestClock();
  const servers: TestServer[] = [];
  for (let started = 0; started < count; started += 1) {
    servers.push(await startTestServer({}, { database, bus: connect(), clock }));
  }
  return {
    servers,
    async stop() {
      await Promise.all(servers.map(async (server) => server.stop()));
      await database.drop();
    },
  };
}
