import { readdirSync, watch, type FSWatcher, type WatchEventType } from 'node:fs';
import { join } from 'node:path';

/**
 * Calls back when anything changes in some folders and those below them. Each folder is watched by itself: what Node
 * watches recursively it loses on Linux once a file is replaced, as editors do.
 *
 * @returns what ends that.
 */
export function watchTrees(roots: readonly string[], changed: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();

  function follow(): void {
    const folders = new Set(roots.flatMap(treeOf));
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      const watcher = watchFolder(folder, (kind) => {
        // A folder may have come or gone.
        if (kind === 'rename') follow();
        changed();
      });
      if (watcher !== undefined) watchers.set(folder, watcher);
    }
  }

  follow();
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}

/** Undefined where it has just been removed, which the folder above tells of. */
function watchFolder(folder: string, heard: (kind: WatchEventType) => void): FSWatcher | undefined {
  try {
    return watch(folder, heard).on('error', () => undefined);
  } catch {
    return undefined;
  }
}

function treeOf(root: string): string[] {
  return [root, ...foldersIn(root).flatMap((name) => treeOf(join(root, name)))];
}

/** Those that are there: another branch that is checked out takes folders away while they are looked at. */
function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}
