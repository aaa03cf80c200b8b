import { ApiError } from '@beseda/client/api-error.ts';
import type { Session } from '@beseda/protocol/auth.ts';
import { settable, type Watched } from './watched.ts';

/** Where the user is signed in. */
export interface SessionsView {
  state: 'loading' | 'ready' | 'failed';
  /** This one first, then the one used last. */
  sessions: readonly Session[];
}

export interface SessionList extends Watched<SessionsView> {
  load(): Promise<void>;
  /** Ends another one. @throws ApiError */
  end(id: string): Promise<void>;
}

export function createSessionList(calls: {
  sessions(): Promise<{ sessions: Session[] }>;
  endSession(id: string): Promise<unknown>;
}): SessionList {
  const view = settable<SessionsView>({ state: 'loading', sessions: [] });
  return {
    get: view.get,
    watch: view.watch,
    async load() {
      view.set({ ...view.get(), state: 'loading' });
      try {
        const { sessions } = await calls.sessions();
        view.set({
          state: 'ready',
          sessions: [...sessions.filter(({ current }) => current), ...sessions.filter(({ current }) => !current)],
        });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        view.set({ ...view.get(), state: 'failed' });
      }
    },
    async end(id) {
      try {
        await calls.endSession(id);
      } catch (error) {
        // It has ended by itself meanwhile, or by another device.
        if (!(error instanceof ApiError) || error.code !== 'session_not_found') throw error;
      }
      const { state, sessions } = view.get();
      view.set({ state, sessions: sessions.filter((session) => session.id !== id) });
    },
  };
}
