import { Problem } from '@beseda/protocol/errors.ts';
import type { Static, TSchema } from 'typebox';
import { ApiError, clientError } from '../api-error.ts';
import { fits, parseJson } from '../parse.ts';

/** What the client needs of `fetch`. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string | Uint8Array<ArrayBuffer>;
    signal?: AbortSignal;
  },
) => Promise<{ status: number; text(): Promise<string> }>;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Asking<S extends TSchema> {
  /** The shape of the answer. */
  answer: S;
  json?: unknown;
  /** The answer is text, and no JSON. */
  text?: true;
  /** Sent as they are, in place of JSON. */
  bytes?: Uint8Array<ArrayBuffer>;
  /** More headers than each request has. */
  headers?: Record<string, string>;
  /** Ends the request. */
  signal?: AbortSignal | undefined;
  /** Undefined values are left out. */
  query?: Record<string, string | number | undefined>;
  token?: string;
}

const BYTES = 'application/octet-stream';

/**
 * One request to the API, `path` being below `/api/v1`.
 *
 * @throws ApiError what the server refused with; `unreachable` where no answer came; `unexpected_answer`.
 */
export type Ask = <S extends TSchema>(method: Method, path: string, asking: Asking<S>) => Promise<Static<S>>;

/** @param url where the server is, such as `http://localhost:8000`. */
export function createAsk(url: string, fetch: Fetch): Ask {
  const root = `${url.replace(/\/+$/, '')}/api/v1`;
  return async (method, path, { answer, json, text, bytes, headers = {}, signal, query = {}, token }) => {
    const body = bytes ?? (json === undefined ? undefined : JSON.stringify(json));
    const response = await reach(fetch, `${root}${path}${queryString(query)}`, {
      method,
      headers: {
        accept: text === true ? '*/*' : 'application/json',
        ...(body === undefined ? {} : { 'content-type': bytes === undefined ? 'application/json' : BYTES }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
    const isText = text === true && response.status < 400;
    const value = isText ? response.text : response.text === '' ? undefined : parseJson(response.text);
    if (response.status >= 400) {
      if (fits(Problem, value)) throw new ApiError(value);
      // Something between here and the server answered, a proxy say: whether to come again, its status tells.
      throw new ApiError({
        type: 'about:blank',
        title: 'The request failed',
        status: response.status,
        detail: `${method} ${path} was answered with status ${response.status}, and not by Beseda.`,
        code: 'unexpected_answer',
      });
    }
    if (!fits(answer, value)) {
      throw clientError('unexpected_answer', `The answer to ${method} ${path} has not the shape that it should have.`);
    }
    return value;
  };
}

async function reach(fetch: Fetch, url: string, init: Parameters<Fetch>[1]): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, init);
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw clientError('unreachable', `${new URL(url).origin} cannot be reached.`, error);
  }
}

function queryString(query: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) given.set(key, String(value));
  return given.size === 0 ? '' : `?${given.toString()}`;
}
