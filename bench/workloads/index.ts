import type { Workload } from '../workload.ts';
import { fanOut } from './fan-out.ts';
import { idle } from './idle.ts';
import { growth } from './growth.ts';
import { latency } from './latency.ts';
import { manyGroups } from './many-groups.ts';
import { reading } from './reading.ts';
import { reconnectHerd } from './reconnect-herd.ts';
import { senders } from './senders.ts';
import { twoNodes } from './two-nodes.ts';

/** In the order in which they run. */
export const workloads: readonly Workload[] = [
  fanOut,
  latency,
  senders,
  reading,
  idle,
  twoNodes,
  reconnectHerd,
  manyGroups,
  growth,
];
