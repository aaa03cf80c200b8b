import { ChatFrame, MemberFrame, MessageFrame, ReadFrame } from '@beseda/protocol/frames.ts';
import { DeliveredFrame, UnreadFrame } from '@beseda/protocol/marks.ts';
import { ChatId, UserId, Version } from '@beseda/protocol/scalars.ts';
import { SettingsFrame } from '@beseda/protocol/settings.ts';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { chatSubject, userSubject } from '../bus/bus.ts';
import type { ChatEvent } from '../domain/events.ts';
import type { BusMessages } from './bus-messages.ts';

/** What one node tells the others of a user. */
const UserNews = Type.Object({ memberOf: ChatId });
export type UserNews = Static<typeof UserNews>;

/**
 * Who types in a chat at one node: all there is to say, so that a later word heals the loss of an earlier one. `after`
 * is as in `ChatEvent`.
 */
const TypingNews = Type.Object({
  node: Type.String({ format: 'uuid' }),
  typing: Type.Array(UserId),
  count: Type.Integer({ minimum: 0 }),
  after: Type.Optional(Version),
});
export type TypingNews = Static<typeof TypingNews>;

const ChatNews = Type.Union([
  Type.Object({
    chatId: ChatId,
    events: Type.Array(
      Type.Object({
        frame: Type.Union([
          MessageFrame,
          MemberFrame,
          ChatFrame,
          ReadFrame,
          DeliveredFrame,
          UnreadFrame,
          SettingsFrame,
        ]),
        onlyUserId: Type.Optional(UserId),
        after: Type.Optional(Version),
      }),
    ),
  }),
  TypingNews,
]);

const chatNews = Compile(ChatNews);
const userNews = Compile(UserNews);

/** Carries events between the hubs of nodes. */
export interface Bridge {
  tellChat(chatId: number, events: readonly ChatEvent[]): void;
  tellTyping(chatId: number, news: TypingNews): void;
  hearChat(chatId: number, hear: (event: ChatEvent) => void, hearTyping: (news: TypingNews) => void): () => void;
  tellUser(userId: number, news: UserNews): void;
  hearUser(userId: number, hear: (news: UserNews) => void): () => void;
}

/** Frames of one message at most, each of 60 KiB at most: NATS takes 1 MiB by default. */
const FRAMES_OF_ONE_MESSAGE = 16;

export function createBridge(messages: BusMessages): Bridge {
  return {
    tellChat(chatId, events) {
      for (let from = 0; from < events.length; from += FRAMES_OF_ONE_MESSAGE) {
        const part = events.slice(from, from + FRAMES_OF_ONE_MESSAGE);
        messages.tell(chatSubject(chatId), {
          chatId,
          events: part.map(({ frame, onlyUserId, after }) => ({ frame, onlyUserId, after })),
        });
      }
    },
    tellTyping: (chatId, news) => messages.tell(chatSubject(chatId), news),
    hearChat: (chatId, heard, heardTyping) =>
      messages.hear(chatSubject(chatId), chatNews, (news) => {
        if ('typing' in news) heardTyping(news);
        else for (const event of news.events) heard({ chatId: news.chatId, ...event });
      }),
    tellUser: (userId, news) => messages.tell(userSubject(userId), news),
    hearUser: (userId, heard) => messages.hear(userSubject(userId), userNews, heard),
  };
}
