import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Identity } from './access-tokens.ts';

/** Leaves to read one file by its address alone, for what can send no header. */
export interface FileGrants {
  /** Seconds for which a grant that is given now is good, at least. */
  readonly lifetime: number;
  grant(identity: Identity, fileId: string): string;
  /** Whom the grant for this file was given; undefined where it is forged, of another file or expired. */
  verify(grant: string, fileId: string): Identity | undefined;
}

/** Within so many seconds a file has the same address, so that a browser that has it need not read it again. */
const STEP_S = 3600;

/**
 * Grants say who, which session and until when, under the secret of the installation, and are good for one file alone.
 * Whether the session stands and its user may see the file is asked at each use.
 */
export function createFileGrants(secret: string, clock: Clock): FileGrants {
  // A key of its own, so that nothing that is signed here passes for anything else.
  const key = createHmac('sha256', secret).update('file grants').digest();
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
  const sign = (said: string, fileId: string): Buffer => createHmac('sha256', key).update(`${fileId} ${said}`).digest();
  return {
    lifetime: STEP_S,
    grant({ userId, sessionId }, fileId) {
      const until = (Math.floor(seconds() / STEP_S) + 2) * STEP_S;
      const said = `${userId}.${sessionId}.${until}`;
      return `${said}.${sign(said, fileId).toString('base64url')}`;
    },
    verify(grant, fileId) {
      const [, said = '', user = '', sessionId = '', until = '', signature = ''] =
        /^((\d{1,16})\.([\da-f-]{36})\.(\d{1,12}))\.([\w-]{43})$/.exec(grant) ?? [];
      const given = Buffer.from(signature, 'base64url');
      const right = sign(said, fileId);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      return Number(until) > seconds() ? { userId: Number(user), sessionId } : undefined;
    },
  };
}
