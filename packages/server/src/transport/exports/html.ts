import type { ExportQuery } from '@beseda/protocol/exports.ts';
import type { ExportedChat, ExportedMessage } from '../../domain/export-chat.ts';
import { PAGE_STYLE } from './page-style.ts';
import { words, type ExportWords } from './words.ts';

export interface PageOptions {
  language: ExportQuery['language'];
  /** An IANA name that is known to exist ({@link isTimeZone}). */
  timeZone: string;
  now: Date;
}

/** A chat as a page of its own, piece by piece: without scripts, and with nothing that is loaded from elsewhere. */
export async function* htmlOf({ chat, parts }: ExportedChat, options: PageOptions): AsyncGenerator<string> {
  const { language, timeZone, now } = options;
  const said = words[language];
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone });
  const times = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  const sizes = new Intl.NumberFormat(language, { style: 'unit', unit: 'kilobyte', maximumSignificantDigits: 3 });
  const moments = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'long',
    hourCycle: 'h23',
    timeZone,
  });
  const name = escaped(chat.name);
  yield `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${name}</title>
<style>${PAGE_STYLE}</style>
<main>
<header><h1 dir="auto">${name}</h1><p>${escaped(said.exported(moments.format(now)))}</p></header>
`;
  const names = new Map<number, string>();
  let day = '';
  for await (const { messages, people } of parts) {
    for (const { id, username, display_name: shown } of people) names.set(id, shown ?? username);
    for (const message of messages) {
      const sent = new Date(message.created_at);
      const itsDay = days.format(sent);
      if (itsDay !== day) yield `<h2>${escaped(itsDay)}</h2>\n`;
      day = itsDay;
      yield articleOf(message, { names, said, sizes, time: times.format(sent) });
    }
  }
  if (day === '') yield `<p>${said.nothing}</p>\n`;
  yield '</main>\n</html>\n';
}

/** Whether this is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

interface Telling {
  names: ReadonlyMap<number, string>;
  said: ExportWords;
  /** Of files, given in KiB. */
  sizes: Intl.NumberFormat;
  /** When it was sent, of its day. */
  time: string;
}

function articleOf(message: ExportedMessage, { names, said, sizes, time }: Telling): string {
  const nameOf = (id: number): string => escaped(names.get(id) ?? String(id));
  const { id, reply_to: answered, forwarded_from: origin, reactions } = message;
  const note = message.edited_at === null || message.deleted_at !== null ? '' : ` · ${said.edited}`;
  const quote =
    answered === null
      ? ''
      : `<p class="answers"><a href="#m${answered.id}">${said.answers} <b>${nameOf(answered.sender_id)}</b></a></p>`;
  const forwarded =
    origin === null ? '' : `<p class="answers">${said.forwarded} <b>${nameOf(origin.sender_id)}</b></p>`;
  const text =
    message.deleted_at === null
      ? `<p class="text" dir="auto">${escaped(message.text)}</p>`
      : `<p class="deleted">${said.deleted}</p>`;
  const kinds = reactions.map(
    ({ emoji, count, user_ids: ids }) =>
      `<li title="${ids.map(nameOf).join(', ')}">${escaped(emoji)} ${count === 1 ? '' : count}</li>`,
  );
  const files = message.files.map(({ name, size }) => `<li>📎 ${escaped(name)} · ${sizes.format(size / 1024)}</li>`);
  const attached = files.length === 0 ? '' : `<ul>${files.join('')}</ul>`;
  const reacted = kinds.length === 0 ? '' : `<ul>${kinds.join('')}</ul>`;
  const head = `<h3 dir="auto">${nameOf(message.sender_id)}</h3><time datetime="${message.created_at}">${time}${note}</time>`;
  return `<article id="m${id}"><header>${head}</header>${quote}${forwarded}${text}${attached}${reacted}</article>\n`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text of an element, or within the quotes of an attribute. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
