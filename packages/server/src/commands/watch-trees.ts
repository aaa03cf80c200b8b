import { readdirSync, watch, type FSWatcher } from 'node:fs';
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
      const watcher = watch(folder, (kind) => {
        // A folder may have come or gone.
        if (kind === 'rename') follow();
        changed();
      });
      // It was removed; the folder above tells of that.
      watcher.on('error', () => undefined);
      watchers.set(folder, watcher);
    }
  }

  follow();
  return () => {
    for (const watcher of watchers.values()) watcher.close();
  };
}

function treeOf(root: string): string[] {
  const below = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [root, ...below.map(({ parentPath, name }) => join(parentPath, name))];
}
