/** What one line of the user asks for. */
export type Command =
  | { name: 'help' | 'list' | 'who' | 'quit' | 'nothing' }
  | { name: 'open'; chat: string }
  | { name: 'new'; username: string }
  | { name: 'group'; title: string; usernames: string[] }
  | { name: 'history'; count: number }
  | { name: 'send'; text: string; replyTo?: number }
  | { name: 'edit'; messageId: number; text: string }
  | { name: 'delete'; messageId: number }
  | { name: 'react'; messageId: number; emoji: string; on: boolean }
  | { name: 'retry' }
  /** It cannot be understood; `say` tells why. */
  | { name: 'wrong'; say: string };

export const HELP = [
  '/list                     your chats',
  '/open CHAT                open a chat by its number or its name',
  '/new USER                 open the personal chat with someone',
  '/group NAME USER…         make a group; a name of several words goes in "quotes"',
  '/history [COUNT]          older messages of the open chat',
  '/who                      who is in the open chat',
  '/reply MESSAGE TEXT       answer a message, by its number',
  '/edit MESSAGE TEXT        give a message of yours another text',
  '/delete MESSAGE           delete a message',
  '/react MESSAGE EMOJI      react to a message; /unreact takes it back',
  '/retry                    send again what the server refused',
  '/quit                     leave',
  'Everything else is sent to the open chat. A text that begins with / is sent by doubling it: //like this.',
];

/** Messages that `/history` shows when it is not told how many. */
const HISTORY = 20;

export function parseCommand(line: string): Command {
  const text = line.trim();
  if (text === '') return { name: 'nothing' };
  if (!text.startsWith('/')) return { name: 'send', text };
  if (text.startsWith('//')) return { name: 'send', text: text.slice(1) };
  const [word = '', ...rest] = text.slice(1).split(/\s+/);
  const tail = text.slice(1 + word.length).trim();
  switch (word) {
    case 'help':
    case 'list':
    case 'who':
    case 'quit':
    case 'retry':
      return { name: word };
    case 'open':
      return tail === '' ? wrong('/open CHAT: which chat? /list tells.') : { name: 'open', chat: tail };
    case 'new':
      return tail === '' ? wrong('/new USER: with whom?') : { name: 'new', username: tail };
    case 'group':
      return group(tail);
    case 'history': {
      const count = tail === '' ? HISTORY : Number(tail);
      return Number.isInteger(count) && count > 0 ? { name: 'history', count } : wrong('/history COUNT: how many?');
    }
    case 'reply':
    case 'edit':
      return aboutMessage(word, rest[0], tail.slice((rest[0] ?? '').length).trim(), 'TEXT');
    case 'delete':
      return aboutMessage(word, rest[0], 'nothing more', '');
    case 'react':
    case 'unreact':
      return aboutMessage(word, rest[0], rest[1] ?? '', 'EMOJI');
    default:
      return wrong(`There is no /${word}. /help tells what there is.`);
  }
}

function group(tail: string): Command {
  const [, quoted, plain, users = ''] = /^(?:"([^"]+)"|(\S+))(.*)$/.exec(tail) ?? [];
  const title = quoted ?? plain;
  if (title === undefined) return wrong('/group NAME USER…: what is it called, and who is in it?');
  return { name: 'group', title, usernames: users.split(/\s+/).filter((name) => name !== '') };
}

function aboutMessage(
  word: 'reply' | 'edit' | 'delete' | 'react' | 'unreact',
  id: string | undefined,
  rest: string,
  lacking: string,
): Command {
  const messageId = Number(id);
  if (!Number.isInteger(messageId) || messageId < 1 || rest === '') {
    return wrong(`/${word} MESSAGE ${lacking}: the number of a message stands before it, as in “[12]”.`);
  }
  switch (word) {
    case 'reply':
      return { name: 'send', text: rest, replyTo: messageId };
    case 'edit':
      return { name: 'edit', messageId, text: rest };
    case 'delete':
      return { name: 'delete', messageId };
    case 'react':
    case 'unreact':
      return { name: 'react', messageId, emoji: rest, on: word === 'react' };
  }
}

function wrong(say: string): Command {
  return { name: 'wrong', say };
}
