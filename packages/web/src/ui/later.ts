import { lazy } from 'react';

// Dialogs and menus are read when they are first wanted: the first chat is on the screen without them.

export const NewChat = lazy(async () => ({ default: (await import('./people/new-chat.tsx')).NewChat }));

export const UserMenu = lazy(async () => ({ default: (await import('./chats/user-menu.tsx')).UserMenu }));

export const MessageMenu = lazy(async () => ({
  default: (await import('./conversation/message-menu.tsx')).MessageMenu,
}));

export const DeleteDialog = lazy(async () => ({
  default: (await import('./conversation/delete-dialog.tsx')).DeleteDialog,
}));
