import type { AckFrame } from '@beseda/protocol/frames.ts';
import { TEXT_LENGTH } from '@beseda/protocol/limits.ts';
import type { SocketUpFrame } from '@beseda/protocol/socket.ts';
import { deleteMessage, editMessage } from '../domain/change-messages.ts';
import { react, takeReactionBack } from '../domain/reactions.ts';
import { messageText, trimmedText } from '../domain/text.ts';
import type { Context } from './context.ts';
import { ackFrame } from './frame-codec.ts';

/** Who does it; a socket that is named as the origin gets no echo. */
export interface Actor {
  userId: number;
  origin?: symbol | undefined;
}

/** What one does in a chat. */
type ActFrame = Exclude<Extract<SocketUpFrame, { chat_id: number }>, { type: 'typing' }>;

/**
 * Does what a frame asks for; settles once it is committed, with its acknowledgement where the client wants one.
 *
 * @throws ProblemError as the rules do.
 */
export async function doInChat(
  context: Context,
  { userId, origin }: Actor,
  frame: ActFrame,
): Promise<AckFrame | undefined> {
  const { perform, clock } = context;
  const chatId = frame.chat_id;
  switch (frame.type) {
    case 'message': {
      const { message } = await context.send({
        chatId,
        senderId: userId,
        text: messageText(frame.text, frame.files, ['text']),
        files: frame.files,
        clientId: frame.client_id?.toLowerCase(),
        replyTo: frame.reply_to,
        origin,
      });
      return ackFrame(frame, { chat_id: chatId, message_id: message.id, version: message.version });
    }
    case 'read':
    case 'delivered':
      await context.marking.mark({ chatId, userId, origin, mark: frame.type, messageId: frame.message_id });
      break;
    case 'unread':
      await context.marking.mark({ chatId, userId, origin, mark: frame.type, messageId: frame.message_id });
      break;
    case 'edit': {
      const text = trimmedText(frame.text, TEXT_LENGTH, ['text']);
      await perform(async (tx) => editMessage(tx, userId, chatId, frame.message_id, text, clock.now()));
      break;
    }
    case 'delete':
      await perform(async (tx) => deleteMessage(tx, userId, chatId, frame.message_id, clock.now()));
      break;
    case 'react':
      await perform(async (tx) =>
        frame.on
          ? react(tx, userId, chatId, frame.message_id, frame.emoji, clock.now())
          : takeReactionBack(tx, userId, chatId, frame.message_id, frame.emoji),
      );
  }
  return ackFrame(frame, { chat_id: chatId, message_id: frame.message_id ?? 0 });
}
