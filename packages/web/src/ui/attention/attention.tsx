import { unreadTotal } from '../../state/chat-list.ts';
import { useInbox } from '../use-watched.ts';
import { NotificationOffer } from './notification-offer.tsx';
import { useCount } from './use-count.ts';
import { useNotifier } from './use-notifier.ts';

/**
 * What reaches one who is elsewhere: counts, notifications, the sound. In the list there is only the offer of it.
 *
 * @param open the chat that this tab shows.
 */
export function Attention({ open }: { open: number | undefined }) {
  useCount(unreadTotal(useInbox()));
  const useful = useNotifier(open);
  return <NotificationOffer useful={useful} />;
}
