import type { Context } from '../workload.ts';
import { openSockets, quiet } from './audience.ts';
import { makeGroup, signInPeople } from './people.ts';
import type { Socket } from './socket.ts';
import type { Target } from './target.ts';

/** A server, and a group on it in which so many people are, all online and with nothing on its way to them. */
export async function onlineGroup(
  context: Context,
  online: number,
): Promise<{ target: Target; chatId: number; sockets: Socket[] }> {
  const target = await context.startServer();
  context.tell(`${online} people sign in`);
  const people = await signInPeople(target, online);
  const chatId = await makeGroup(target.url, people);
  const listeners = people.map((person) => ({ person, chatId }));
  const sockets = await openSockets(target.url, context.extent.door, listeners);
  await quiet(sockets);
  return { target, chatId, sockets };
}
