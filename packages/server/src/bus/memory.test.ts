import { describeBus } from './bus-contract.testing.ts';
import { createMemoryNetwork } from './memory.ts';

const network = createMemoryNetwork();

describeBus('in memory', async () => Promise.resolve(network.connect()));
