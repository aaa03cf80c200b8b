import { Suspense } from 'react';
import type { MessageItem } from '../../state/timeline.ts';
import { EmojiPicker } from '../later.ts';
import type { Point } from '../parts/point.ts';
import type { MessageActions } from './message-actions.ts';
import { hasReacted } from './message-row.tsx';

/** Which message is to be reacted to. */
export interface Reacting {
  message: MessageItem;
  /** Where all emoji are shown; undefined: they are closed. */
  place: Element | Point | undefined;
  /** The message's row, which gets the focus back where it can. */
  row: HTMLElement | null;
}

export function reactingTo(message: MessageItem, place: Element | Point): Reacting {
  return { message, place, row: place instanceof Element ? place.closest<HTMLElement>('article') : null };
}

export interface ReactionPickerProps {
  reacting: Reacting;
  self: number;
  actions: MessageActions;
  onClose: () => void;
}

/** All emoji, to react to a message with. */
export function ReactionPicker({ reacting, self, actions, onClose }: ReactionPickerProps) {
  const { message, place, row } = reacting;
  return (
    <Suspense>
      <EmojiPicker
        place={place}
        align="start"
        returnTo={{ current: row }}
        onPick={(emoji, more) => {
          actions.react(message, emoji, !hasReacted(message, emoji, self));
          if (!more) onClose();
        }}
        onClose={onClose}
      />
    </Suspense>
  );
}
