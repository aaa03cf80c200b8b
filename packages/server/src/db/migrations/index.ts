import type { Migration } from 'kysely/migration';
import * as foundation from './0001-foundation.ts';
import * as changing from './0002-changing.ts';
import * as nodes from './0003-nodes.ts';
import * as marks from './0004-marks.ts';
import * as lastSeen from './0005-last-seen.ts';
import * as nextRefreshTokens from './0006-next-refresh-tokens.ts';
import * as chatSettings from './0007-chat-settings.ts';
import * as manyRowsAChat from './0008-many-rows-a-chat.ts';
import * as pins from './0009-pins.ts';
import * as search from './0010-search.ts';
import * as files from './0011-files.ts';
import * as forwarding from './0012-forwarding.ts';
import * as savedMessages from './0013-saved-messages.ts';

/** Every migration in order, by a name that never changes once it has landed. */
export const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-changing': changing,
  '0003-nodes': nodes,
  '0004-marks': marks,
  '0005-last-seen': lastSeen,
  '0006-next-refresh-tokens': nextRefreshTokens,
  '0007-chat-settings': chatSettings,
  '0008-many-rows-a-chat': manyRowsAChat,
  '0009-pins': pins,
  '0010-search': search,
  '0011-files': files,
  '0012-forwarding': forwarding,
  '0013-saved-messages': savedMessages,
};
