import {
  AckFrame,
  ChatFrame,
  ErrorFrame,
  MemberFrame,
  MessageFrame,
  ReadFrame,
  upFrames,
} from '@beseda/protocol/frames.ts';
import { socketDownFrames, socketUpFrames } from '@beseda/protocol/socket.ts';

type Frames = Readonly<Record<string, object>>;

/** What the door of one chat sends, by type. */
const chatDownFrames: Frames = {
  message: MessageFrame,
  member: MemberFrame,
  chat: ChatFrame,
  read: ReadFrame,
  ack: AckFrame,
  error: ErrorFrame,
};

/** The sockets as an AsyncAPI 3 document, made of the schemas that check and type the frames. */
export function describeSockets(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Beseda: the sockets',
      version: '0.1.0',
      description:
        'JSON text frames, each an object with a `type`. The rules that go with the shapes are in PROTOCOL.md.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: {
      everything: {
        address: '/ws',
        title: 'One socket for everything',
        description: 'The first frame is `auth`, within 5 s.',
        messages: { ...messages('to', socketUpFrames), ...messages('from', socketDownFrames) },
      },
      chat: {
        address: '/ws/{chat_id}',
        title: 'One chat',
        description: 'Authenticated by the access token in the query, `?token=…`.',
        parameters: { chat_id: { description: 'The chat.' } },
        messages: { ...messages('to', upFrames), ...messages('from', chatDownFrames) },
      },
    },
    operations: {
      ...operations('everything', socketUpFrames, socketDownFrames),
      ...operations('chat', upFrames, chatDownFrames),
    },
  };
}

function messages(direction: 'to' | 'from', frames: Frames): object {
  return Object.fromEntries(
    Object.entries(frames).map(([type, payload]) => [`${direction}_${type}`, { name: type, payload }]),
  );
}

/** As the server has it: it receives what goes up and sends what goes down. */
function operations(channel: string, up: Frames, down: Frames): object {
  const operation = (action: 'receive' | 'send', direction: 'to' | 'from', frames: Frames): object => ({
    action,
    channel: { $ref: `#/channels/${channel}` },
    messages: Object.keys(frames).map((type) => ({ $ref: `#/channels/${channel}/messages/${direction}_${type}` })),
  });
  return {
    [`${channel}_receive`]: operation('receive', 'to', up),
    [`${channel}_send`]: operation('send', 'from', down),
  };
}
