import { parsePath } from '../state/address.ts';
import { browserChats } from '../storage/browser-chats.ts';
import { browserDatabase } from '../storage/browser-database.ts';
import { browserTexts } from '../storage/browser-texts.ts';

// What the first frame shows. It is asked for before anything else is done, so it stands by itself and needs little.

/** Who is signed in, in {@link userTexts}: see `cookieSession`. */
export const WHO = 'user';

/** What the names of the user's own texts begin with in `localStorage`: signing out takes them all away. */
export const USER_TEXTS = 'beseda-user/';

export const userTexts = browserTexts(USER_TEXTS);
export const database = browserDatabase();
export const chats = browserChats(database);

/** Whose chats are shown first; 0: nobody's. */
export const firstUser = Number(userTexts.get(WHO)) || 0;

/** Where the browser keeps nothing, everything is read from the server. */
const NOTHING = { snapshot: undefined, people: [], messages: [] };

export const firstRead =
  firstUser > 0
    ? chats.load(firstUser, parsePath(location.pathname).chatId).catch(() => NOTHING)
    : Promise.resolve(NOTHING);
