import { FileLinks, Upload, type CreateUpload } from '@beseda/protocol/files.ts';
import type { Call } from './api.ts';
import { Nothing } from './nothing.ts';

/** Files, which are uploaded first and then sent with a message. */
export function fileCalls(call: Call) {
  return {
    create: async (json: CreateUpload) => call('POST', '/files/', { answer: Upload, json }),
    /** How far one's own upload is: where to go on. */
    get: async (fileId: string) => call('GET', `/files/${fileId}`, { answer: Upload }),
    /** Sends the bytes of a file that follow the first `offset` ones; with the last of them it is whole. */
    append: async (fileId: string, offset: number, bytes: Uint8Array<ArrayBuffer>, signal?: AbortSignal) =>
      call('PATCH', `/files/${fileId}`, { answer: Upload, bytes, headers: { 'upload-offset': `${offset}` }, signal }),
    /** Takes back one that was not sent. */
    delete: async (fileId: string) => call('DELETE', `/files/${fileId}`, { answer: Nothing }),
    /** Addresses of files, good for a while and for this session, for what can send no header. */
    links: async (fileIds: string[]) =>
      call('POST', '/files/links', { answer: FileLinks, json: { file_ids: fileIds } }),
  };
}
