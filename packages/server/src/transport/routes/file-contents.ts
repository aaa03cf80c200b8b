import { FileId } from '@beseda/protocol/files.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { ProblemError } from '../../domain/problem.ts';
import type { Content } from '../../files/contents.ts';
import { answers, told } from '../answers.ts';
import type { Api } from '../api.ts';
import { identify } from '../authentication.ts';
import type { Context } from '../context.ts';
import { sendContent } from '../sending-content.ts';

const OneFile = Type.Object({ file_id: FileId });
const Grant = Type.Object({
  grant: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'What a link has of `POST /files/links`, in place of a token.',
      examples: ['2.0e0f4b52-65a1-4a44-8f1e-6f4f1d9a3b77.1795356000.kP3v1uN8QxY0bZ7sJ2mW5tL9rE4cH6aDkP3v1uN8QxY'],
    }),
  ),
});

/** `GET /files/{file_id}/content`, `GET /files/{file_id}/thumbnail` */
export function fileContentRoutes(api: Api, context: Context): void {
  const { contents } = context.files;
  const route = (
    which: 'content' | 'thumbnail',
    operationId: string,
    summary: string,
    read: (userId: number, fileId: string) => Promise<Content>,
  ): void => {
    api.get(
      `/files/:file_id/${which}`,
      {
        // Whoever has neither token nor grant is not told what is wrong with the rest of the request.
        onRequest: async (request) => {
          request.identity = await requireReader(context, request);
        },
        schema: {
          tags: ['files'],
          operationId,
          summary,
          description:
            'With an access token, or by a link. Who may see it is decided at this moment: its uploader until it is ' +
            'sent, then whoever is in the chat. `Range` is answered. What browsers do not show safely is to be saved.',
          params: OneFile,
          querystring: Grant,
          produces: ['application/octet-stream'],
          response: answers({ 200: told('The bytes.', Type.String({ format: 'binary' })) }, [
            'file_not_found',
            'file_unfinished',
          ]),
        },
      },
      async (request, reply): Promise<FastifyReply> => {
        const fileId = request.params.file_id.toLowerCase();
        return sendContent(request, reply, await read(request.identity.userId, fileId), `"${fileId}-${which}"`);
      },
    );
  };
  route('content', 'getFile', 'A file', async (userId, fileId) => contents.whole(userId, fileId));
  route('thumbnail', 'getThumbnail', 'A smaller image of an image', async (userId, fileId) =>
    contents.thumbnail(userId, fileId),
  );
}

/** Who asks for a file, by their token or by the link that they were given. */
async function requireReader(context: Context, request: FastifyRequest): Promise<FastifyRequest['identity']> {
  const token = /^bearer ([^ ]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const identity = token === undefined ? await byGrant(context, request) : await identify(context, token);
  if (identity === undefined) {
    throw new ProblemError('not_authenticated', 'A file needs Authorization: Bearer <token>, or a link that is good.');
  }
  return identity;
}

async function byGrant(
  { files, admit }: Context,
  { params, query }: FastifyRequest,
): Promise<FastifyRequest['identity'] | undefined> {
  const [fileId, grant] = [textOf(params, 'file_id'), textOf(query, 'grant')];
  const identity = files.grants.verify(grant, fileId.toLowerCase());
  if (identity === undefined) return undefined;
  const { stands } = await admit({ identity, chatId: undefined });
  return stands ? identity : undefined;
}

/** A text of an address that is not checked yet. */
function textOf(from: unknown, name: string): string {
  const value: unknown = Object(from)[name];
  return typeof value === 'string' ? value : '';
}
