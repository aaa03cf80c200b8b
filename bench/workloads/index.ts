import type { Workload } from '../workload.ts';
import { fanOut } from './fan-out.ts';

/** In the order in which they run. */
export const workloads: readonly Workload[] = [fanOut];
