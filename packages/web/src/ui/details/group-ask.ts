/** What of a group is being asked for in a dialog. */
export type GroupAsk =
  | { kind: 'rename' }
  | { kind: 'add' }
  | { kind: 'leave' }
  | { kind: 'remove'; userId: number; name: string }
  | { kind: 'hand over'; userId: number; name: string };
