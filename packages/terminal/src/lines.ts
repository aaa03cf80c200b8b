import type { MessageState } from '@beseda/client/store/chat-record.ts';
import type { ChatView } from '@beseda/client/store/views.ts';
import { chatName, type Names } from './names.ts';
import { plain } from './plain.ts';

/** A message as one line, as the open chat shows it. */
export function messageLine(message: MessageState, names: Names): string {
  const reply = message.reply_to === null ? '' : ` → [${message.reply_to.id}]`;
  const edited = message.edited_at === null ? '' : ' (edited)';
  const reactions = message.reactions.map(({ emoji, count }) => ` ${plain(emoji)}${count}`).join('');
  const text = message.deleted_at === null ? plain(message.text) : '(deleted)';
  return `[${message.id}] ${timeOf(message)} ${who(message, names)}${reply}: ${text}${edited}${reactions}`;
}

/** A message of a chat that is not open. */
export function noticeLine(chat: ChatView, message: MessageState, names: Names): string {
  const where = chat.is_group ? ` in ${plain(chat.name)}` : '';
  return `* ${who(message, names)}${where} (/open ${chat.id}): ${plain(message.text)}`;
}

/** A chat in the list. */
export function chatLine(chat: ChatView, names: Names): string {
  const unread = chat.unread_count === 0 ? '' : `  ${chat.unread_count} unread`;
  const last = chat.last_message;
  const said =
    last === undefined ? '' : `  ${who(last, names)}: ${last.deleted_at === null ? plain(last.text) : '(deleted)'}`;
  return `${String(chat.id).padStart(5)}  ${chatName(chat)}${unread}${said}`;
}

function who(message: MessageState, names: Names): string {
  return plain(names.of(message.sender_id));
}

/** Hours and minutes, here. */
function timeOf(message: MessageState): string {
  return new Date(message.created_at).toTimeString().slice(0, 5);
}
