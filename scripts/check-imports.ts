import { globSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import process from 'node:process';
import { importsOf, violation } from './imports.ts';

// Prints every import that goes against the arrows between the rooms, and fails when there is one.
const files = globSync(['packages/**/*.{ts,tsx}', 'e2e/**/*.ts', '{bench,cluster,chaos,scripts}/**/*.ts'], {
  exclude: (path) => path.includes('node_modules'),
});
const violations = files.flatMap((file) => {
  const path = file.split('\\').join(posix.sep);
  return importsOf(path, readFileSync(file, 'utf8')).flatMap(({ specifier, line }) => {
    const reason = violation(path, specifier);
    return reason === undefined ? [] : [`${path}:${line}: ${reason}`];
  });
});
process.stdout.write(
  `${[...violations, `${files.length} files, ${violations.length} forbidden imports`].join('\n')}\n`,
);
if (violations.length > 0 || files.length === 0) process.exitCode = 1;
