import { AskFileLinks, CreateUpload, FileId, FileLinks, Upload } from '@beseda/protocol/files.ts';
import { MAX_ID } from '@beseda/protocol/limits.ts';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { removeOwnFile } from '../../domain/files.ts';
import { answers, noContent, told } from '../answers.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';

const OneFile = Type.Object({ file_id: FileId });

/** `POST /files`, `POST /files/links`, `GET|PATCH|DELETE /files/{file_id}` */
export function fileRoutes(api: Api, context: Context): void {
  const { files, db, clock } = context;
  takeBytes(api);

  api.post(
    '/files/',
    {
      schema: {
        tags: ['files'],
        operationId: 'createUpload',
        summary: 'Begin to upload a file',
        description:
          'The bytes follow by PATCH, in as many parts as it takes; then the file goes with a message: `files` of a send. ' +
          'One that is not sent within a day is removed.',
        body: CreateUpload,
        response: answers(
          { 201: told('The upload, of which nothing is here yet.', Upload) },
          ['file_too_large', 'quota_exceeded', 'storage_full'],
          'body',
        ),
      },
    },
    async ({ identity, body }, reply) => reply.code(201).send(await files.uploads.begin(identity.userId, body)),
  );

  api.post(
    '/files/links',
    {
      schema: {
        tags: ['files'],
        operationId: 'createFileLinks',
        summary: 'Addresses for what can send no header',
        description:
          'For `<img>`, `<video>` and downloads. Each is good for one file and this session; whether the user may see ' +
          'the file is asked when it is used.',
        body: AskFileLinks,
        response: answers({ 200: told('A link for each.', FileLinks) }, [], 'body'),
      },
    },
    async ({ identity, body }): Promise<FileLinks> => ({
      links: body.file_ids.map((given) => {
        const id = given.toLowerCase();
        const query = `?grant=${files.grants.grant(identity, id)}`;
        const path = `/api/v1/files/${id}`;
        return { file_id: id, content: `${path}/content${query}`, thumbnail: `${path}/thumbnail${query}` };
      }),
      expires_in: files.grants.lifetime,
    }),
  );

  api.get(
    '/files/:file_id',
    {
      schema: {
        tags: ['files'],
        operationId: 'getUpload',
        summary: 'How far an upload is',
        description: 'For who uploads, until the file is sent: where to go on after the connection was lost.',
        params: OneFile,
        response: answers({ 200: told('The upload.', Upload) }, ['file_not_found']),
      },
    },
    async ({ identity, params }): Promise<Upload> => files.uploads.look(identity.userId, params.file_id.toLowerCase()),
  );

  api.patch(
    '/files/:file_id',
    {
      schema: {
        tags: ['files'],
        operationId: 'appendToUpload',
        summary: 'Go on with an upload',
        description:
          'The next bytes, as `application/octet-stream`. What came of a request that was cut off stays. With the last ' +
          'bytes the file is whole, and what it is stands in `file`; an image is kept without what cameras write into it.',
        consumes: ['application/octet-stream'],
        params: OneFile,
        headers: Type.Object({
          'upload-offset': Type.Integer({
            minimum: 0,
            maximum: MAX_ID,
            description: 'How many bytes of the file come before these: the `offset` that was told last.',
            examples: [0],
          }),
        }),
        response: answers({ 200: told('The upload.', Upload) }, [
          'file_not_found',
          'wrong_offset',
          'file_too_large',
          'image_too_large',
          'storage_full',
          'unsupported_media_type',
        ]),
      },
    },
    async ({ identity, params, headers, raw }): Promise<Upload> =>
      files.uploads.append(identity.userId, params.file_id.toLowerCase(), {
        offset: headers['upload-offset'],
        length: lengthOf(raw.headers['content-length']),
        bytes: raw,
      }),
  );

  api.delete(
    '/files/:file_id',
    {
      schema: {
        tags: ['files'],
        operationId: 'deleteUpload',
        summary: 'Take an upload back',
        description: 'Until it is sent; then it goes with its message.',
        params: OneFile,
        response: answers({ 204: noContent('Taken back.') }, ['file_not_found']),
      },
    },
    async ({ identity, params }, reply) => {
      await removeOwnFile(db, identity.userId, params.file_id.toLowerCase(), clock.now());
      return reply.code(204).send();
    },
  );
}

/** Bytes are read by their route as they come, and here by nobody. */
function takeBytes(api: FastifyInstance): void {
  api.addContentTypeParser('application/octet-stream', (_request, _payload, done) => done(null));
}

function lengthOf(header: string | undefined): number | undefined {
  return header === undefined ? undefined : Number(header);
}
