import { parseArgs } from 'node:util';

/** What the command line says. */
export interface Options {
  /** Where the server is. */
  url: string;
  /** Undefined: it is asked for. */
  username: string | undefined;
  help: boolean;
}

/** Lines that say how the program is called. */
export const USAGE = [
  'npm run chat -- [--url http://localhost:8000] [--user NAME]',
  '',
  '  --url   where the server is; http://localhost:8000 unless given',
  '  --user  who you are; asked for unless given',
  '',
  'The password is asked for, or taken from the environment variable BESEDA_PASSWORD.',
];

/** @throws Error with what is wrong, for people. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string', default: 'http://localhost:8000' },
      user: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (!/^https?:$/.test(URL.parse(values.url)?.protocol ?? '')) {
    throw new Error(`--url must be an address such as http://localhost:8000, and not “${values.url}”.`);
  }
  return { url: values.url, username: values.user, help: values.help };
}
