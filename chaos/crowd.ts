import { createDevice, type Account, type Device } from './devices/device.ts';
import { createLibraryDevice, type LibraryDevice } from './devices/library-device.ts';
import type { Findings } from './findings.ts';
import type { Fence } from './load/revocations.ts';
import type { Measures } from './measures.ts';
import type { Rest } from './rest.ts';

/** All devices of all users. */
export interface Crowd {
  /** On raw sockets: one of each user, by which they act, and for some a second. */
  devices: Device[];
  first: ReadonlyMap<Account, Device>;
  /** The two devices of those who have two. */
  pairs: readonly (readonly [Device, Device])[];
  /** On the client package. */
  libraryDevices: LibraryDevice[];
  stop(): void;
}

export interface CrowdParts {
  accounts: readonly Account[];
  /** Where the servers are, e.g. `http://127.0.0.1:40123`. */
  url: string;
  rest: Rest;
  findings: Findings;
  measures: Measures;
  fence: Fence;
}

/** Every third user has a second raw device, whose session is ended now and then; the others have the client package. */
const WITH_SECOND_DEVICE = 3;

export async function gatherCrowd(parts: CrowdParts): Promise<Crowd> {
  const { accounts, url, rest, findings, measures, fence } = parts;
  const devices: Device[] = [];
  const libraryDevices: LibraryDevice[] = [];
  const first = new Map<Account, Device>();
  const pairs: [Device, Device][] = [];

  async function add(account: Account, name: string): Promise<Device> {
    const device = await createDevice({
      name,
      account,
      url: url.replace('http', 'ws'),
      rest,
      findings,
      measures,
      isEnded: fence.isEnding,
      hear: (frame, session) => fence.hear(name, frame, session),
    });
    devices.push(device);
    return device;
  }

  for (const [index, account] of accounts.entries()) {
    const one = await add(account, `${account.username}a`);
    first.set(account, one);
    if (index % WITH_SECOND_DEVICE === 0) pairs.push([one, await add(account, `${account.username}b`)]);
    else libraryDevices.push(await createLibraryDevice(`${account.username}c`, account, url, findings));
  }
  return {
    devices,
    first,
    pairs,
    libraryDevices,
    stop() {
      for (const one of [...devices, ...libraryDevices]) one.stop();
    },
  };
}
