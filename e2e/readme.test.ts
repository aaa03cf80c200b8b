import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBeseda, type BesedaProcess } from '../packages/server/testing/beseda-process.ts';

interface Step {
  command: string;
  /** What the document says is answered. */
  answer: string | undefined;
}

/** The commands of a document's section about curl, each with the answer that is shown after it. */
async function steps(document: string): Promise<Step[]> {
  const text = await readFile(new URL(`../${document}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, body = '']) => ({ language, body }));
  return blocks.flatMap(({ language, body }, index) => {
    const next = blocks[index + 1];
    if (language !== 'bash') return [];
    return [{ command: body, answer: next?.language === 'json' ? next.body : undefined }];
  });
}

let directory: string;
let server: BesedaProcess;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'beseda-readme-'));
  server = runBeseda(['demo'], { PORT: '0', HOST: '127.0.0.1' }, directory);
});
afterEach(async () => {
  server.signal('SIGTERM');
  await server.ended;
  await rm(directory, { recursive: true, force: true });
});

/** Values that differ from run to run: only their kind is compared. */
const CHANGING = new Set(['access_token', 'refresh_token', 'created_at']);

function comparable(json: string): unknown {
  if (json === '') return '';
  return JSON.parse(json, (key, value: unknown) => (CHANGING.has(key) ? typeof value : value));
}

function curlIsHere(): boolean {
  try {
    execFileSync('curl', ['--version']);
    return true;
  } catch {
    if (process.env['CI'] === 'true') return true;
    process.stderr.write('The commands of the README are not tested: there is no curl on this machine.\n');
    return false;
  }
}

describe.runIf(curlIsHere())('the walk by curl', () => {
  test.each(['README.md', 'README.ru.md'])('every command of %s does what the document says', async (document) => {
    const url = await server.address();
    const walk = await steps(document);
    expect(walk.length).toBeGreaterThanOrEqual(9);
    // One shell for all, as for the reader; a line between the answers to tell them apart.
    const script = walk
      .map(({ command }) => `${command.replaceAll('http://localhost:8000', url)}\necho "\n———"`)
      .join('\n');
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
    const answers = stdout.split('\n———\n');
    const told = walk.map(({ command, answer }) => ({ command, answer: comparable(answer ?? '') }));
    const given = walk.map(({ command }, index) => ({ command, answer: comparable(answers[index] ?? '') }));
    expect(given).toEqual(told);
  });

  test('both languages walk the same way', async () => {
    expect((await steps('README.ru.md')).map(({ command }) => command)).toEqual(
      (await steps('README.md')).map(({ command }) => command),
    );
    await server.address();
  });
});
