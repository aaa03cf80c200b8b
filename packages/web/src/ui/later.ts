import { afterPaint } from './after-paint.ts';
import { lazy } from './lazy.ts';

// Dialogs and menus are read when they are first wanted: the first chat is on the screen without them.

export const NewChat = lazy(async () => ({ default: (await import('./people/new-chat.tsx')).NewChat }));

export const SignInPage = lazy(async () => ({ default: (await import('./sign-in/sign-in-page.tsx')).SignInPage }));

export const MessageMenu = lazy(async () => ({
  default: (await import('./conversation/message-menu.tsx')).MessageMenu,
}));

export const ReadersDialog = lazy(async () => ({
  default: (await import('./conversation/readers-dialog.tsx')).ReadersDialog,
}));

export const ChatMenu = lazy(async () => ({ default: (await import('./chats/chat-menu.tsx')).ChatMenu }));

export const MemberMenu = lazy(async () => ({ default: (await import('./details/member-menu.tsx')).MemberMenu }));

export const SettingsDialog = lazy(async () => ({
  default: (await import('./settings/settings-dialog.tsx')).SettingsDialog,
}));

export const GroupDialog = lazy(async () => ({ default: (await import('./details/group-dialog.tsx')).GroupDialog }));

export const DateDialog = lazy(async () => ({ default: (await import('./conversation/date-dialog.tsx')).DateDialog }));

export const SearchBar = lazy(async () => ({ default: (await import('./conversation/search-bar.tsx')).SearchBar }));

export const ForwardDialog = lazy(async () => ({
  default: (await import('./forward/forward-dialog.tsx')).ForwardDialog,
}));

export const Switcher = lazy(async () => ({ default: (await import('./switcher/switcher.tsx')).Switcher }));

export const SearchDialog = lazy(async () => ({ default: (await import('./search/search-dialog.tsx')).SearchDialog }));
export const AttachmentList = lazy(async () => ({
  default: (await import('./files/attachment-list.tsx')).AttachmentList,
}));

export const MessageFiles = lazy(async () => ({ default: (await import('./files/message-files.tsx')).MessageFiles }));

export const FileViewer = lazy(async () => ({ default: (await import('./files/file-viewer.tsx')).FileViewer }));

export const EmojiPicker = lazy(async () => ({ default: (await import('./emoji/emoji-picker.tsx')).EmojiPicker }));

export const PersonCard = lazy(async () => ({ default: (await import('./conversation/person-card.tsx')).PersonCard }));

export const KeysDialog = lazy(async () => ({ default: (await import('./switcher/keys-dialog.tsx')).KeysDialog }));

// These are wanted at once, and the messages sooner.

export const DetailsPane = lazy(async () => {
  await afterPaint();
  return { default: (await import('./details/details-pane.tsx')).DetailsPane };
});

async function soon() {
  await afterPaint();
  return import('./soon.ts');
}

export const AttachButton = lazy(async () => ({ default: (await soon()).AttachButton }));

export const CompletionList = lazy(async () => ({ default: (await soon()).CompletionList }));

export const DropZone = lazy(async () => ({ default: (await soon()).DropZone }));

export const NoticeList = lazy(async () => ({ default: (await soon()).NoticeList }));

export const Pins = lazy(async () => ({ default: (await soon()).Pins }));

export const UserMenu = lazy(async () => ({ default: (await soon()).UserMenu }));

export const Attention = lazy(async () => ({ default: (await soon()).Attention }));
