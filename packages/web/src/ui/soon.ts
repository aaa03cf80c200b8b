// Small parts that are wanted once the messages are on the screen: read together, by one request.
export { CompletionList } from './conversation/completion-list.tsx';
export { AttachButton } from './files/attach-button.tsx';
export { DropZone } from './files/drop-zone.tsx';
export { NoticeList } from './notices/notice-list.tsx';
export { Pins } from './pins/pins.tsx';
export { UserMenu } from './chats/user-menu.tsx';
export { Attention } from './attention/attention.tsx';
