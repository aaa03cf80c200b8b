import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../domain/problem.ts';

/** The page that asks, as its browser names it. */
export interface OwnPage {
  /** What the cookie of this server is called there. */
  cookie: string;
  /** Whether the browser takes cookies that must not leave encryption. */
  secure: boolean;
}

/**
 * The page of this server that a request comes from. Browsers name the origin with every POST, and no page can change
 * it: what only a page of ours may do is refused to all others, whatever their cookies (ASVS 3.5.1).
 *
 * @throws ProblemError `foreign_origin`
 */
export function requireOwnPage({ headers, host }: Pick<FastifyRequest, 'headers' | 'host'>): OwnPage {
  const origin = URL.parse(headers.origin ?? '');
  const site = headers['sec-fetch-site'] ?? 'same-origin';
  // The scheme is not compared: what is HTTPS for the browser may reach this server as HTTP, through a proxy.
  if (origin === null || !/^https?:$/.test(origin.protocol) || origin.host !== host || site !== 'same-origin') {
    throw new ProblemError(
      'foreign_origin',
      'This is for the pages of this server alone. Programs use POST /api/v1/auth/token.',
    );
  }
  const secure = origin.protocol === 'https:' || /^(.+\.)?localhost$|^127\.|^\[::1\]$/.test(origin.hostname);
  // Cookies do not tell ports apart; two servers on one machine are two installations.
  const name = origin.port === '' ? 'beseda' : `beseda-${origin.port}`;
  return { cookie: secure ? `__Host-${name}` : name, secure };
}

/** The value of a cookie; undefined where the browser sent none of the name. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}

/**
 * A `Set-Cookie` for the session.
 *
 * @param seconds for which the browser keeps it; 0 takes it away.
 */
export function sessionCookie({ cookie, secure }: OwnPage, value: string, seconds: number): string {
  return [
    `${cookie}=${value}`,
    'Path=/',
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
  ].join('; ');
}
