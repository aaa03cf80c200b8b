import type { AckFrame, ErrorFrame } from '@beseda/protocol/frames.ts';
import { ApiError, clientError } from '../api-error.ts';

/** What was asked through a socket and is not answered yet. */
export interface Requests {
  /** The promise of the answer to the frame with this `ref`. */
  begin(ref: string): Promise<AckFrame>;
  /** Takes an answer to where it is waited for. */
  answered(frame: AckFrame | ErrorFrame): void;
  /** The socket is gone: whether what is under way was done, nobody can tell. */
  cut(): void;
}

export function createRequests(): Requests {
  const waiting = new Map<string, { resolve: (frame: AckFrame) => void; reject: (error: ApiError) => void }>();
  return {
    begin: async (ref) => new Promise((resolve, reject) => waiting.set(ref, { resolve, reject })),
    answered(frame) {
      const waiter = waiting.get(frame.ref ?? '');
      if (frame.ref === undefined || waiter === undefined) return;
      waiting.delete(frame.ref);
      if (frame.type === 'ack') waiter.resolve(frame);
      else waiter.reject(asError(frame));
    },
    cut() {
      const cut = [...waiting.values()];
      waiting.clear();
      for (const { reject } of cut)
        reject(clientError('unreachable', 'The connection was cut before the answer came.'));
    },
  };
}

function asError({ code, error, retry_after }: ErrorFrame): ApiError {
  return new ApiError({
    type: 'about:blank',
    title: error,
    status: 0,
    detail: error,
    code,
    ...(retry_after === undefined ? {} : { retry_after }),
  });
}
