import { ApiError } from '@beseda/client/api-error.ts';
import type { Client } from '@beseda/client/client.ts';
import type { Clock } from '@beseda/client/clock.ts';
import { backoff } from '@beseda/client/live/backoff.ts';
import type { MessageFile, Upload } from '@beseda/protocol/files.ts';
import type { ChosenFile } from './file-uploads.ts';

/** What uploading needs of the client. */
export type UploadingClient = Pick<Client, 'onState'> & {
  api: { files: Pick<Client['api']['files'], 'create' | 'get' | 'append' | 'delete'> };
};

/**
 * Uploads a file, in parts, and goes on by itself where it is held up; undefined: it was ended by the signal.
 *
 * @param told hears how many bytes the server has.
 * @throws ApiError
 */
export type Uploading = (
  client: UploadingClient,
  chosen: ChosenFile,
  signal: AbortSignal,
  told: (sent: number) => void,
) => Promise<MessageFile | undefined>;

/** Bytes of the first part; the next ones are larger while they go quickly, up to the last. */
const PART = { first: 256 * 1024, last: 4 * 1024 * 1024 } as const;

/** A part that takes less is followed by one twice as large, in milliseconds. */
const QUICK_MS = 700;

export function createUploading(clock: Clock, random: () => number): Uploading {
  /** Until it makes sense to try again: after a while, or once there is a connection. */
  async function pause(
    client: UploadingClient,
    failures: number,
    atLeastS: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        callOff();
        stopWatching();
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const callOff = clock.after(backoff(failures, random, atLeastS), wake);
      const stopWatching = client.onState(({ name }) => {
        if (name === 'live') wake();
      });
      signal.addEventListener('abort', wake);
    });
  }

  /** Does something until it succeeds or fails for good; what may pass is waited out. */
  async function lasting<T>(client: UploadingClient, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await act();
      } catch (error) {
        if (signal.aborted || !(error instanceof ApiError) || !error.retry) throw error;
        await pause(client, failures, error.problem.retry_after, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  return async (client, chosen, signal, told) => {
    const { files: api } = client.api;
    const { name, size } = chosen;
    let state: Upload = await lasting(client, signal, async () => api.create({ name, size }));
    const { id } = state;
    try {
      let length: number = PART.first;
      while (state.file === null && !signal.aborted) {
        const { offset } = state;
        const began = clock.now();
        /** How much has come of a part that was lost, the server alone knows. */
        let lost = false;
        state = await lasting(client, signal, async () => {
          if (lost) return api.get(id);
          try {
            return await api.append(id, offset, await chosen.read(offset, offset + length), signal);
          } catch (error) {
            lost = true;
            length = PART.first;
            if (error instanceof ApiError && error.code === 'wrong_offset') return api.get(id);
            throw error;
          }
        });
        if (clock.now() - began < QUICK_MS) length = Math.min(length * 2, PART.last);
        told(state.offset);
      }
    } finally {
      // Nobody waits for it, and what is not sent goes by itself.
      if (signal.aborted) api.delete(id).catch(() => undefined);
    }
    return state.file ?? undefined;
  };
}
