import { Type, type Static } from 'typebox';
import { FILE_LINKS, FILE_NAME_LENGTH, MAX_ID, MESSAGE_FILES } from './limits.ts';
import { described, Nullable } from './scalars.ts';

export const FileId = Type.String({
  format: 'uuid',
  description: 'A file: random, so that nobody finds one by trying.',
  examples: ['5f0c1c1e-3d0e-4a7e-9a55-7f5d7e0b2a91'],
});

const Bytes = Type.Integer({ minimum: 0, maximum: MAX_ID, description: 'Bytes.', examples: [48_213] });

const FileName = Type.String({
  minLength: 1,
  description: `What people call it: no path, at most ${FILE_NAME_LENGTH.max} characters.`,
  examples: ['plan.png'],
});

const facts = {
  id: FileId,
  name: FileName,
  size: described(Bytes, 'How large it is, in bytes.'),
  type: Type.String({
    description:
      'What it is by its content; its name says nothing. `application/octet-stream`: nothing that is known here.',
    examples: ['image/png'],
  }),
  width: Nullable(
    Type.Integer({
      minimum: 1,
      description: 'Of an image, in pixels; null: it is not shown as one.',
      examples: [1280],
    }),
  ),
  height: Nullable(Type.Integer({ minimum: 1, description: 'Of an image, in pixels.', examples: [720] })),
  preview: Nullable(
    Type.String({ description: 'Of an image: a tiny WebP of it in base64, to be shown blurred until it is there.' }),
  ),
};

/** What is told of a file with its message: facts that never change. */
export const MessageFile = Type.Object(facts, { title: 'MessageFile', description: 'A file of a message.' });
export type MessageFile = Static<typeof MessageFile>;

export const Upload = Type.Object(
  {
    id: FileId,
    name: FileName,
    size: described(Bytes, 'How large it was said to be, in bytes.'),
    offset: described(Bytes, 'How many bytes of it are here: what comes next goes on from there.'),
    file: Nullable(MessageFile),
  },
  { title: 'Upload', description: 'A file and how much of it is here; `file` is null until it is whole.' },
);
export type Upload = Static<typeof Upload>;

export const CreateUpload = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 1000,
      description: 'Its name; a path before it, control and invisible characters are left out.',
      examples: ['plan.png'],
    }),
    size: Type.Integer({ minimum: 1, maximum: MAX_ID, description: 'How large it is, in bytes.', examples: [48_213] }),
  },
  { title: 'CreateUpload', examples: [{ name: 'plan.png', size: 48_213 }] },
);
export type CreateUpload = Static<typeof CreateUpload>;

/** The files of a message to send. */
export const SentFiles = Type.Array(FileId, {
  maxItems: MESSAGE_FILES.max,
  uniqueItems: true,
  description: `Files that the sender has uploaded and not sent yet, at most ${MESSAGE_FILES.max}.`,
});

export const AskFileLinks = Type.Object(
  { file_ids: Type.Array(FileId, { minItems: 1, maxItems: FILE_LINKS.max, description: 'Of which files.' }) },
  { title: 'AskFileLinks', examples: [{ file_ids: ['5f0c1c1e-3d0e-4a7e-9a55-7f5d7e0b2a91'] }] },
);
export type AskFileLinks = Static<typeof AskFileLinks>;

export const FileLinks = Type.Object(
  {
    links: Type.Array(
      Type.Object({
        file_id: FileId,
        content: Type.String({ description: 'The path of its bytes.', examples: ['/api/v1/files/…/content?grant=…'] }),
        thumbnail: Type.String({ description: 'The path of a smaller image of it; images alone have one.' }),
      }),
      { description: 'In the order in which they were asked for.' },
    ),
    expires_in: Type.Integer({ minimum: 0, description: 'Seconds for which they are good.', examples: [3600] }),
  },
  {
    title: 'FileLinks',
    description:
      'Addresses for what can send no header, such as <video>. Each is for one file and one session; whether its user ' +
      'may see the file is asked at each use.',
  },
);
export type FileLinks = Static<typeof FileLinks>;

/** What files may be. */
export const FileLimits = Type.Object(
  {
    max_size: described(Bytes, 'Bytes of one file at most.'),
    max_per_message: Type.Integer({ description: 'Files of one message at most.', examples: [MESSAGE_FILES.max] }),
    user_quota: described(Bytes, 'Bytes of all files of one user at most.'),
  },
  { title: 'FileLimits', description: 'What files may be.' },
);
export type FileLimits = Static<typeof FileLimits>;
