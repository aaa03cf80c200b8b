import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchTrees } from './watch-trees.ts';

test('changes are noticed of files that are written, replaced again and again, and in folders that come later', async () => {
  const root = await mkdtemp(join(tmpdir(), 'beseda-watch-'));
  onTestFinished(async () => rm(root, { recursive: true }));
  await mkdir(join(root, 'ui'));
  const file = join(root, 'ui', 'page.css');
  await writeFile(file, 'a');
  let noticed = Promise.withResolvers<void>();
  onTestFinished(watchTrees([root], () => noticed.resolve()));
  const change = async (act: () => Promise<void>): Promise<void> => {
    noticed = Promise.withResolvers<void>();
    await act();
    await expect(noticed.promise).resolves.toBeUndefined();
  };
  await change(async () => writeFile(file, 'b'));
  for (const text of ['c', 'd', 'e']) {
    // As editors save: another file takes its place.
    await writeFile(join(root, 'new'), text);
    await change(async () => rename(join(root, 'new'), file));
  }
  await change(async () => writeFile(file, 'f'));
  await change(async () => mkdir(join(root, 'later')));
  await change(async () => writeFile(join(root, 'later', 'words.ts'), 'g'));
  await change(async () => rm(join(root, 'ui'), { recursive: true }));
  await change(async () => writeFile(join(root, 'later', 'words.ts'), 'h'));
});
