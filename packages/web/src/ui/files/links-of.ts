import type { Client } from '@beseda/client/client.ts';
import { systemClock } from '@beseda/client/clock.ts';
import { createFileLinks, type FileLinks } from '../../state/file-links.ts';

const links = new WeakMap<Client, FileLinks>();

/** The addresses of files that a client has asked for; made with the first file that is shown. */
export function linksOf(client: Client): FileLinks {
  const own = links.get(client) ?? createFileLinks(client, systemClock);
  links.set(client, own);
  return own;
}
