import process from 'node:process';
import { SearchPage } from '@beseda/protocol/search.ts';
import { Value } from 'typebox/value';
import { signInPeople } from './driver/people.ts';
import { startTarget } from './driver/target.ts';
import { openConnection } from './http-client.ts';
import { insertSearchData } from './search-data.ts';

// How long searching takes. See README.md.
const options = new Set(process.argv.slice(2));
const quick = options.has('--quick');
const MESSAGES = Number(process.env['BENCH_MESSAGES'] ?? (quick ? 20_000 : 1_000_000));
const TIMES = quick ? 3 : 40;
const port = Number(process.env['BENCH_PORT'] ?? 0);

/** What is looked for; all but the last find something. */
const queries: readonly { name: string; query: string; chat?: boolean; pages?: number }[] = [
  { name: 'a rare word, another form of it', query: 'саламандрами' },
  { name: 'a frequent word', query: 'работа' },
  { name: 'a frequent word, its tenth page', query: 'работа', pages: 10 },
  { name: 'two frequent words', query: 'проект завтра' },
  { name: 'the beginning of a word', query: 'сооб' },
  { name: 'a phrase', query: '"саламандра ждёт у старых"' },
  { name: 'a part of a word', query: 'общени' },
  { name: 'a word with a wrong letter', query: 'саломандра' },
  { name: 'two words, one with a wrong letter', query: 'саломандра ворот' },
  { name: 'Chinese', query: '会议' },
  { name: 'a frequent word of one person', query: 'работа from:me' },
  { name: 'links', query: 'has:link' },
  { name: 'a word before a day', query: 'работа before:2026-01-01' },
  { name: 'a frequent word in one chat', query: 'работа', chat: true },
  { name: 'what is nowhere', query: 'xylophonists' },
];

const target = await startTarget({ port });
try {
  const [asker, other] = await signInPeople(target, 2);
  if (asker === undefined || other === undefined) throw new Error('there is nobody');
  const began = performance.now();
  const database = await target.database();
  const people = { asker: asker.id, other: other.id, messages: MESSAGES };
  const { giant } = await insertSearchData(database, people, (line) => process.stderr.write(`… ${line}\n`));
  process.stderr.write(`filled in ${Math.round((performance.now() - began) / 1000)} s\n`);
  const connection = openConnection(target.url);
  process.stdout.write(`${'searching for'.padEnd(36)}  found  way     p50 ms  p95 ms\n`);
  const all: number[] = [];
  for (const { name, query, chat, pages = 1 } of queries) {
    const taken: number[] = [];
    let found: SearchPage | undefined;
    // The first one warms up.
    for (let time = 0; time <= TIMES; time += 1) {
      let cursor: string | null = null;
      for (let page = 1; page <= pages; page += 1) {
        const asked = new URLSearchParams({ query, ...(chat === true ? { chat_id: String(giant) } : {}) });
        if (cursor !== null) asked.set('cursor', cursor);
        const start = performance.now();
        const { status, body } = await connection.ask('GET', `/search?${asked.toString()}`, { token: asker.token });
        const took = performance.now() - start;
        if (status !== 200) throw new Error(`${name} was answered ${status}: ${JSON.stringify(body)}`);
        found = Value.Parse(SearchPage, body);
        if (page === pages && time > 0) taken.push(took);
        cursor = found.next;
      }
    }
    all.push(...taken);
    const [count, way] = [String(found?.results.length ?? 0), found?.way ?? ''];
    process.stdout.write(`${name.padEnd(36)}  ${count.padStart(5)}  ${way.padEnd(6)}${figures(taken)}\n`);
  }
  process.stdout.write(`${'all of them'.padEnd(36)}  ${''.padStart(5)}  ${''.padEnd(6)}${figures(all)}\n`);
  connection.close();
} finally {
  await target.stop();
}

/** The nearest ranks: the smallest values that so many of a hundred do not exceed. */
function figures(taken: readonly number[]): string {
  const sorted = taken.toSorted((a, b) => a - b);
  return [50, 95]
    .map((percent) => (sorted[Math.ceil((percent / 100) * sorted.length) - 1] ?? 0).toFixed(1).padStart(8))
    .join('');
}
