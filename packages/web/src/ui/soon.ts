// Small parts that are wanted once the messages are on the screen: read together, by one request.
export { Announcer } from './conversation/announcer.tsx';
export { CompletionList } from './conversation/completion-list.tsx';
export { AttachButton } from './files/attach-button.tsx';
export { DropZone } from './files/drop-zone.tsx';
export { NoticeList } from './notices/notice-list.tsx';
export { Pins } from './pins/pins.tsx';
