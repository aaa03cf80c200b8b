import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

/** A program to launch, and what it needs of its environment. */
interface Program {
  executablePath: string;
  env?: Record<string, string>;
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** No Chromium could be started; the message says what was tried and why it failed. */
export class NoBrowserError extends Error {
  override name = 'NoBrowserError';
}

/**
 * Starts a Chromium: the one that `CHROMIUM_PATH` names if it is set; else the one of @sparticuz/chromium, which needs
 * nothing but Node on a Linux x64 with glibc; else /usr/bin/chromium. Any number may be started at the same time.
 *
 * @throws NoBrowserError
 */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['CHROMIUM_PATH'] ?? '';
  // Who names one means that one: another in its stead would hide the mistake.
  const candidates: Record<string, () => Promise<Program>> =
    named === ''
      ? {
          '@sparticuz/chromium': unpackedChromium,
          '/usr/bin/chromium': async () => ({ executablePath: '/usr/bin/chromium' }),
        }
      : { [`CHROMIUM_PATH (${named})`]: async () => ({ executablePath: named }) };
  const failures: string[] = [];
  for (const [name, find] of Object.entries(candidates)) {
    try {
      const { executablePath, env } = await find();
      // Playwright leaves folders behind in /tmp when it is sent for a program that is not there.
      await access(executablePath, constants.X_OK);
      return await chromium.launch({ executablePath, args: FLAGS, env: { ...process.env, ...env } });
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message.trim() : String(error)}`);
    }
  }
  throw new NoBrowserError(`No Chromium could be started. Set CHROMIUM_PATH to one.\n${failures.join('\n')}`);
}

/**
 * The Chromium that npm brought, unpacked once for all runs. Its own list of flags is not used: it is for Amazon's
 * Lambda, and switches off what browser tests are there to see (`--disable-web-security`).
 */
async function unpackedChromium(): Promise<Program> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`it is for Linux on x64, and this is ${process.platform} on ${process.arch}`);
  }
  const home = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..');
  const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
  // Beside the package, not in /tmp: nobody else can have put something there, and `npm ci` clears it away.
  const cache = join(home, '..', '..', '.cache', 'beseda');
  const folder = join(cache, `chromium-${version}`);
  if (!(await exists(folder))) await unpack(cache, folder);
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

/** Fills a folder beside and moves it into place whole: of several at once one wins, and all find the same. */
async function unpack(cache: string, folder: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'unpacking-'));
  try {
    const program = fileURLToPath(new URL('unpack-chromium.ts', import.meta.url));
    await promisify(execFile)(process.execPath, [program], { env: { ...process.env, TMPDIR: temporary } });
    await writeFile(join(temporary, 'fonts.conf'), fontsConfiguration(folder));
    await rename(temporary, folder).catch(async (error: unknown) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** The machine's fonts, if it has any, and those that came along: without a single font Chromium does not work. */
function fontsConfiguration(folder: string): string {
  const path = folder.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${path}/fonts</dir>
  <cachedir>${path}/fonts-cache</cachedir>
</fontconfig>
`;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
