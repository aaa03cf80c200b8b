import type { Session } from '@beseda/protocol/auth.ts';
import { useEffect, useMemo, useState } from 'react';
import { deviceName } from '../../state/device-name.ts';
import { createSessionList } from '../../state/sessions.ts';
import buttons from '../parts/button.module.css';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { useNow } from '../use-now.ts';
import { useWatched } from '../use-watched.ts';
import { errorText, useMoments, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Section } from './section.tsx';
import styles from './settings.module.css';
import { useAttempt } from './use-attempt.ts';

/** Where one is signed in, and the ways out. */
export function SessionSettings() {
  const words = useWords();
  const { account, client } = useWorld();
  const calls = client.api.account;
  const list = useMemo(() => createSessionList(calls), [calls]);
  const { state, sessions } = useWatched(list);
  const { problem, attempt } = useAttempt();
  const [asking, setAsking] = useState(false);

  useEffect(() => void list.load(), [list]);

  return (
    <Section title={words.sessions}>
      <ul aria-label={words.sessions}>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => void attempt(async () => list.end(session.id))} />
        ))}
      </ul>
      {state === 'failed' && (
        <p className={styles.told}>
          {words.sessionsFailed}{' '}
          <button type="button" onClick={() => void list.load()}>
            {words.retry}
          </button>
        </p>
      )}
      <p className={styles.problem} role="alert">
        {problem !== undefined && errorText(words, problem)}
      </p>
      <div className={styles.ways}>
        <button type="button" className={buttons.danger} onClick={() => setAsking(true)}>
          {words.signOutEverywhere}
        </button>
      </div>
      {asking && (
        <ConfirmDialog
          title={words.signOutEverywhereAsk}
          told={words.signOutEverywhereTold}
          act={words.signOutEverywhere}
          danger
          onAct={() => {
            // Where the other sessions could not be ended, this one stays too, and its owner may try again.
            void attempt(async () => account.signOutEverywhere());
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const words = useWords();
  const moments = useMoments();
  const now = useNow();
  const device = deviceName(session.device) ?? words.someDevice;
  const when = session.current ? words.thisDevice : words.lastUsed(moments.near(session.last_used_at, now));
  return (
    <li className={styles.session}>
      <div className={styles.text}>
        <span>{device}</span>
        <small>
          {session.current ? <b>{when}</b> : when}
          {session.address !== null && ` · ${session.address}`}
        </small>
      </div>
      <button
        type="button"
        className={buttons.quiet}
        aria-label={session.current ? undefined : words.signOutOn(device)}
        onClick={onEnd}
      >
        {words.signOut}
      </button>
    </li>
  );
}
