import { readdirSync, readFileSync } from 'node:fs';

/**
 * Memory in MiB of the server process and of the processes it started, the database: proportional set size, which
 * counts shared pages once over all of them. Linux only; undefined elsewhere.
 */
export function memoryOf(pid: number): { server: number; database: number } | undefined {
  try {
    const children = descendants(pid);
    return { server: pss(pid), database: children.map(pss).reduce((sum, value) => sum + value, 0) };
  } catch {
    return undefined;
  }
}

function descendants(pid: number): number[] {
  const children = Map.groupBy(
    readdirSync('/proc').filter((name) => /^\d+$/.test(name)),
    (name) => parentOf(name),
  );
  const found: number[] = [];
  const look = (parent: number): void => {
    for (const name of children.get(parent) ?? []) {
      found.push(Number(name));
      look(Number(name));
    }
  };
  look(pid);
  return found;
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended since the listing.
    return undefined;
  }
}

function pss(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) / 1024;
}
