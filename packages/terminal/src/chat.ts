import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import type { ConnectionState } from '@beseda/client/live/connection-state.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import type { ConsoleLines } from './console-lines.ts';
import { HELP, parseCommand, type Command } from './command.ts';
import { chatLine, noticeLine } from './lines.ts';
import { createNames } from './names.ts';
import { openChat, type OpenChat } from './open-chat.ts';
import { plain } from './plain.ts';

/** Chats of a full list that are shown at the start. */
const FIRST_LISTED = 20;

/** Talks with a user who is signed in until the lines end or they leave. */
export async function chat(
  client: Client,
  { print, lines, onKey }: Pick<ConsoleLines, 'print' | 'lines' | 'onKey'>,
  now: () => number,
): Promise<void> {
  const names = createNames(client);
  let open: OpenChat | undefined;

  const stops = [
    client.onState((state) => {
      const line = stateLine(state, now());
      if (line !== undefined) print(line);
    }),
    client.onMessage((message) => {
      if (message.chat_id === open?.id || message.sender_id === client.userId) return;
      void names.learn([message.sender_id]).then(() => {
        const view = client.store.chat(message.chat_id);
        if (view !== undefined) print(noticeLine(view, message, names));
        return undefined;
      });
    }),
  ];

  async function list(most = Number.POSITIVE_INFINITY): Promise<void> {
    const chats = client.store.inbox();
    await names.learn(chats.slice(0, most).flatMap(({ last_message: last }) => last?.sender_id ?? []));
    if (chats.length === 0) print('No chats yet: /new USER begins one.');
    for (const view of chats.slice(0, most)) print(chatLine(view, names));
    if (chats.length > most) print(`… and ${chats.length - most} more: /list`);
  }

  async function enter(view: ChatView): Promise<void> {
    open?.close();
    open = undefined;
    open = await openChat(client, view, names, print);
  }

  function opened(): OpenChat {
    if (open === undefined) throw new Slip('Open a chat first: /open CHAT. /list tells which there are.');
    return open;
  }

  async function userNamed(username: string): Promise<number> {
    const found = await client.api.account.findPeople(username);
    const person = found.find((one) => one.username.toLowerCase() === username.toLowerCase());
    if (person === undefined) throw new Slip(`There is nobody called ${username}.`);
    return person.id;
  }

  async function run(command: Command): Promise<void> {
    switch (command.name) {
      case 'nothing':
      case 'quit':
        break;
      case 'wrong':
        print(command.say);
        break;
      case 'help':
        for (const line of HELP) print(line);
        break;
      case 'list':
        await list();
        break;
      case 'open':
        await enter(findChat(client, command.chat));
        break;
      case 'new': {
        const { id } = await client.api.chats.open(await userNamed(command.username));
        await enter(await known(client, id));
        break;
      }
      case 'group': {
        const members = await Promise.all(command.usernames.map(userNamed));
        const { id } = await client.api.groups.create({ name: command.title, members });
        await enter(await known(client, id));
        break;
      }
      case 'history':
        await opened().history(command.count);
        break;
      case 'who': {
        const { id } = opened();
        const view = client.store.chat(id);
        if (view?.is_group !== true) {
          print(`You and ${plain(view?.name ?? '')}.`);
          break;
        }
        await client.loadMembers(id);
        const members = client.store.members(id) ?? [];
        await names.learn(members);
        const { users, online_count: online } = await client.api.chats.presence(id);
        const here = new Set(users.flatMap((one) => (one.online ? [one.user_id] : [])));
        print(members.map((userId) => `${plain(names.of(userId))}${here.has(userId) ? ' (online)' : ''}`).join(', '));
        print(`${members.length} in all, ${online} online`);
        break;
      }
      case 'send': {
        const { id } = opened();
        await client.send(id, command.text, command.replyTo === undefined ? {} : { replyTo: command.replyTo });
        break;
      }
      case 'edit':
        await client.edit(opened().id, command.messageId, command.text);
        break;
      case 'delete':
        await client.delete(opened().id, command.messageId);
        break;
      case 'react':
        await client.react(opened().id, command.messageId, command.emoji, command.on);
        break;
      case 'retry': {
        const refused = client.store.messages(opened().id)?.pending.filter(({ failure }) => failure !== null) ?? [];
        if (refused.length === 0) print('Nothing was refused.');
        for (const { client_id: clientId } of refused) await client.retry(clientId);
      }
    }
  }

  onKey((typed) => {
    // A command is no message, and when the line was sent nothing is left of it.
    if (open !== undefined) client.typing(open.id, typed !== '' && !typed.startsWith('/'));
  });
  await list(FIRST_LISTED);
  print('/help tells what you can do.');
  for await (const line of lines()) {
    const command = parseCommand(line);
    if (command.name === 'quit') break;
    try {
      await run(command);
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof Slip)) throw error;
      print(`! ${error.message}`);
    }
  }
  open?.close();
  for (const stop of stops) stop();
}

/** Something that the user can put right. */
class Slip extends Error {
  override name = 'Slip';
}

function findChat(client: Client, wanted: string): ChatView {
  const inbox = client.store.inbox();
  const found =
    inbox.find(({ id }) => String(id) === wanted) ??
    inbox.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found === undefined) throw new Slip(`There is no chat “${wanted}” among yours. /list tells which there are.`);
  return found;
}

/** A chat that was just made, once it has come. */
async function known(client: Client, chatId: number): Promise<ChatView> {
  const { promise, resolve } = Promise.withResolvers<ChatView>();
  const look = (): void => {
    const view = client.store.chat(chatId);
    if (view !== undefined) resolve(view);
  };
  const stop = client.store.watch({ of: 'chat', chatId }, look);
  look();
  const view = await promise;
  stop();
  return view;
}

function stateLine(state: ConnectionState, now: number): string | undefined {
  switch (state.name) {
    case 'live':
      return '* connected';
    case 'waiting':
      return `* no connection; trying again in ${Math.max(1, Math.round((state.until - now) / 1000))} s`;
    case 'signed out':
      return '* your session has ended: start again to sign in';
    case 'offline':
      return state.reason === undefined ? undefined : `* ${state.reason}`;
    case 'connecting':
    case 'signing in':
    case 'syncing':
      return undefined;
  }
}
