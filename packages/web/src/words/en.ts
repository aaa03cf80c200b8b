import { pluralIn } from './plural.ts';

const plural = pluralIn('en');

/** Every word of the interface, in English. Other languages are files of the same shape. */
export const en = {
  locale: 'en',

  // Getting in
  signIn: 'Sign in',
  signInLead: 'Good to see you.',
  register: 'Create account',
  registerLead: 'A name, an e-mail address, a password. That is all.',
  toRegister: 'Create an account',
  toSignIn: 'I have an account',
  username: 'Username',
  email: 'E-mail',
  password: 'Password',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  sessionEnded: 'Your session has ended. Sign in again.',
  testUsers: 'Test users',
  signInAs: (name: string) => `Sign in as ${name}`,

  // Errors, by the code that the server gives
  errors: {
    wrong_credentials: 'The username or the password is not right.',
    username_taken: 'This username is taken.',
    email_taken: 'An account with this e-mail address exists.',
    too_many_requests: 'Too many attempts. Wait a little and try again.',
    unreachable: 'The server cannot be reached. Check the connection.',
    unavailable: 'The server is busy. Try again in a moment.',
    internal: 'Something went wrong on the server. Try again.',
    minLength: 'This is too short.',
    maxLength: 'This is too long.',
    length: 'This has not the right length.',
    format: 'This is not an e-mail address.',
    required: 'This is missing.',
    group_full: 'The group is full.',
    forbidden: 'You may not do this.',
    message_not_found: 'This message is not there any more.',
    chat_not_found: 'This chat is not there any more.',
  } as Partial<Record<string, string>>,

  // The list
  chats: 'Chats',
  filters: { all: 'All', unread: 'Unread', people: 'People', groups: 'Groups' },
  newChat: 'New chat',
  draft: 'Draft:',
  you: 'You',
  deletedMessage: 'Message deleted',
  noMessagesYet: 'No messages yet',
  noChats: 'No chats yet. Find someone to talk to, or create a group.',
  noUnread: 'Everything is read.',
  noPeople: 'No personal chats yet.',
  noGroups: 'No groups yet.',
  unread: (count: number) => plural(count, { one: '# unread message', other: '# unread messages' }),
  chooseChat: 'Choose a chat, or begin a new one.',

  // A new chat
  findPeople: 'Find people',
  findHint: 'The start of a name',
  findIdle: 'Type the start of a name.',
  findNobody: (query: string) => `Nobody’s name begins with “${query}”.`,
  findFailed: 'People could not be searched. Check the connection and type again.',
  newGroup: 'New group',
  groupName: 'Group name',
  members: 'Members',
  createGroup: 'Create group',
  cancel: 'Cancel',
  close: 'Close',
  remove: (name: string) => `Remove ${name}`,

  // A conversation
  back: 'Back to chats',
  details: 'Details',
  memberCount: (count: number) => plural(count, { one: '# member', other: '# members' }),
  personalChat: 'Personal chat',
  messages: 'Messages',
  today: 'Today',
  yesterday: 'Yesterday',
  newMessages: 'New messages',
  chatBegins: 'This is where it begins.',
  emptyChat: 'No messages yet. Say hello.',
  edited: 'edited',
  marks: { sending: 'Sending', sent: 'Sent', delivered: 'Delivered', read: 'Read', failed: 'Not sent' },
  notSent: 'Not sent.',
  retry: 'Try again',
  loadFailed: 'Messages could not be read.',
  missingChat: 'There is no such chat, or you are not in it.',
  toChats: 'To the chats',
  toNewest: 'Jump to the newest',
  toNewestCount: (count: number) =>
    plural(count, { one: 'Jump to the newest, # unread', other: 'Jump to the newest, # unread' }),
  originalGone: 'The original is not here',

  // To one place in it
  jumpToDate: 'Jump to a date',
  monthBefore: 'Month before',
  monthAfter: 'Month after',
  toBeginning: 'Beginning',
  searchChat: 'Search in this chat',
  searching: 'Searching …',
  searchFailed: 'Not all could be searched. Try again.',
  searchPaused: 'Nothing yet. Search further back.',
  noHits: 'Nothing found',
  hitOf: (nth: number, count: number) => `${nth} of ${count}`,
  hitOfMore: (nth: number) => `${nth} of more`,
  olderHit: 'Older hit',
  newerHit: 'Newer hit',
  closeSearch: 'Close the search',
  copyLink: 'Copy link',
  linkCopied: 'Link copied.',

  // What one does to a message
  actions: 'More actions',
  reply: 'Reply',
  edit: 'Edit',
  delete: 'Delete',
  copy: 'Copy text',
  react: (emoji: string) => `React with ${emoji}`,
  reactedWith: (emoji: string, count: number) =>
    plural(count, { one: `${emoji}, # person`, other: `${emoji}, # people` }),
  reactions: 'Reactions',

  // The composer
  messageTo: (name: string) => `Message ${name}`,
  send: 'Send',
  save: 'Save',
  replyingTo: (name: string) => `Reply to ${name}`,
  editing: 'Editing',
  cancelReply: 'Do not reply',
  cancelEdit: 'Do not edit',

  // Details
  creator: 'creator',
  person: 'Person',
  someone: 'Someone',

  // Who is there
  online: 'online',
  seenToday: (time: string) => `seen at ${time}`,
  seenYesterday: (time: string) => `seen yesterday at ${time}`,
  seenOn: (day: string) => `seen on ${day}`,
  onlineCount: (count: number) => `${count} online`,
  typingOne: (name: string) => `${name} is typing…`,
  typingTwo: (one: string, other: string) => `${one} and ${other} are typing…`,
  typingMany: (name: string, others: number) =>
    plural(others, { one: `${name} and # other are typing…`, other: `${name} and # others are typing…` }),
  markUnread: 'Mark as unread',
  markRead: 'Mark as read',

  // Who has read a message
  readers: 'Read by',
  readBy: (count: number) => plural(count, { one: 'Read by # person', other: 'Read by # people' }),
  readByNobody: 'Nobody has read it yet.',
  deliveredTo: 'Delivered, not read',
  readersFailed: 'Who has read it could not be found out.',
  showMore: 'Show more',

  // What is told for a while
  notices: 'Notices',
  failed: {
    edit: 'The message was not changed.',
    delete: 'The message was not deleted.',
    react: 'The reaction was not taken.',
    copy: 'The text was not copied.',
    markUnread: 'The chat was not marked as unread.',
    chatSettings: 'The chat was not changed.',
    signOutEverywhere: 'The other devices were not signed out.',
    openChat: 'The chat was not opened.',
    jump: 'That day could not be found.',
    removeMember: 'Nobody was removed.',
    handOver: 'The group was not handed over.',
    leave: 'You are still in the group.',
  },
  messageDeleted: 'Message deleted.',
  undo: 'Undo',
  groupLeft: (name: string) => `You left “${name}”.`,

  // Pinned and muted
  chatActions: 'Chat actions',
  pin: 'Pin',
  unpin: 'Unpin',
  pinned: 'Pinned',
  mute: 'Mute',
  unmute: 'Unmute',
  muted: 'Muted',

  // A group
  rename: 'Rename',
  renameGroup: 'Rename the group',
  addPeople: 'Add people',
  add: 'Add',
  memberActions: (name: string) => `Actions for ${name}`,
  writeTo: 'Write a message',
  removeMember: 'Remove from the group',
  removeAsk: (name: string) => `Remove ${name} from the group?`,
  removeTold: 'They no longer see what is written here. Any member can add them again.',
  removeDo: 'Remove',
  handOver: 'Hand the group over',
  handOverAsk: (name: string) => `Hand the group over to ${name}?`,
  handOverTold: 'They can rename it and remove people, and you no longer can.',
  handOverDo: 'Hand over',
  leave: 'Leave group',
  leaveAsk: (name: string) => `Leave “${name}”?`,
  leaveTold: 'It leaves your list. A member can add you again.',
  leaveFirst: 'To leave, hand the group over to someone first.',

  // Oneself
  yourMenu: 'You and settings',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  language: 'Language',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out everywhere',

  // The connection
  connecting: 'Connecting …',
  offline: 'No connection. What you write is sent when it is back.',
  loading: 'Loading',
  newVersion: 'A new version is ready.',
  update: 'Update',

  // The switcher, and the keys
  switcher: 'Go to',
  switcherHint: 'A chat, a person, a word, or what to do',
  switcherNothing: (query: string) => `Nothing found for “${query}”.`,
  keys: 'Keys',
  keysList: {
    switcher: 'Go to a chat, a person, a message',
    nextChat: 'Next or previous chat',
    searchChat: 'Search in this chat',
    editLast: 'Edit your last message, from an empty field',
    betweenMessages: 'From message to message',
    reply: 'Reply to the message',
    edit: 'Edit the message',
    react: 'React to the message',
    menu: 'All that one can do to it',
    back: 'One step back',
    keys: 'This list',
  },
  themeIs: (theme: string) => `Theme: ${theme}`,
  languageIs: (language: string) => `Language: ${language}`,
};

export type Words = typeof en;
