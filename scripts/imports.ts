import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { keptPackages, rooms, type Room } from './import-rules.ts';

/** The modules that a file imports or re-exports from, types included, with the line of each. */
export function importsOf(path: string, source: string): { specifier: string; line: number }[] {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const at = (start: number): number => source.slice(0, start).split('\n').length;
  return [
    ...module.staticImports.map(({ moduleRequest, start }) => ({ specifier: moduleRequest.value, line: at(start) })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, start }) =>
        moduleRequest === null ? [] : [{ specifier: moduleRequest.value, line: at(start) }],
      ),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest }) => {
      const text = source.slice(moduleRequest.start, moduleRequest.end);
      const literal = /^['"](.*)['"]$/.exec(text)?.[1];
      return literal === undefined ? [] : [{ specifier: literal, line: at(moduleRequest.start) }];
    }),
  ];
}

/** Why a file may not import a module; undefined where it may. */
export function violation(file: string, specifier: string): string | undefined {
  const from = roomOf(file);
  if (from === undefined) return `${file} is in no room: add it to scripts/import-rules.ts`;
  const target = ownPath(file, specifier);
  if (target === undefined) return packageViolation(file, from, specifier);
  const to = roomOf(target);
  if (to === undefined) return `${specifier} leads to no room`;
  const below = to.name === from.name || from.mayImport.includes(to.name);
  if (below || (isTest(file) && to.name === 'server tests')) {
    return /\.(ts|tsx|css|json|js|mjs)(\?worker&url)?$/.test(specifier) ? undefined : `${specifier} must name a file`;
  }
  return `${from.name} may not import from ${to.name} (${specifier})`;
}

function packageViolation(file: string, from: Room, specifier: string): string | undefined {
  const rule = keptPackages.find(({ package: name }) => name.test(specifier));
  if (rule === undefined || rule.rooms.includes(from.name) || isTest(file)) return undefined;
  return `${from.name} may not use ${specifier}`;
}

/** Tests obey the arrows of their room, but may use the ground for tests and any package. */
function isTest(file: string): boolean {
  return /\.(test|testing)\.tsx?$/.test(file) || file.includes('/testing/') || file === 'vitest.config.ts';
}

function roomOf(path: string): Room | undefined {
  return rooms.find(({ prefix }) => path.startsWith(prefix));
}

/** The file in this repository that a specifier means; undefined for other packages. */
function ownPath(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  const own = /^@beseda\/([\w-]+)\/(.+)$/.exec(specifier);
  return own === null ? undefined : `packages/${own[1]}/src/${own[2]}`;
}
