import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { nodeSubject, SESSIONS_SUBJECT } from '../bus/bus.ts';
import type { BusMessages } from './bus-messages.ts';
import type { Hub } from './hub.ts';
import type { Nodes } from './nodes.ts';

/** Ends what the sessions hear, on all nodes; settles when nothing more reaches their sockets. */
export type EndSessions = (sessionIds: readonly string[]) => Promise<void>;

/**
 * How long the other nodes have to confirm. One that does not is out of hearing, and looks at the sessions of its
 * sockets itself with every pulse.
 */
const CONFIRMATION_MS = 1000;

const Ended = Type.Object({
  sessions: Type.Array(Type.String()),
  by: Type.String({ format: 'uuid' }),
  question: Type.Integer(),
});
const ended = Compile(Ended);

const Confirmed = Type.Object({ node: Type.String({ format: 'uuid' }), question: Type.Integer() });
const confirmed = Compile(Confirmed);

interface Question {
  unanswered: Set<string>;
  settle: () => void;
}

/** @param id of this node. */
export function createSessionEnds(
  id: string,
  messages: BusMessages,
  hub: Hub,
  nodes: Nodes,
): { endSessions: EndSessions; stop: () => void } {
  const questions = new Map<number, Question>();
  let asked = 0;

  const stopHearing = messages.hear(SESSIONS_SUBJECT, ended, ({ sessions, by, question }) => {
    hub.endSessions(sessions);
    messages.tell(nodeSubject(by), { node: id, question });
  });

  const stopCounting = messages.hear(nodeSubject(id), confirmed, ({ node, question: answered }) => {
    const question = questions.get(answered);
    question?.unanswered.delete(node);
    if (question?.unanswered.size === 0) question.settle();
  });

  async function ask(sessionIds: readonly string[]): Promise<void> {
    const unanswered = new Set(nodes.others());
    if (unanswered.size === 0) return;
    asked += 1;
    const question = asked;
    await new Promise<void>((settle) => {
      const impatience = setTimeout(settle, CONFIRMATION_MS);
      questions.set(question, {
        unanswered,
        settle() {
          clearTimeout(impatience);
          settle();
        },
      });
      messages.tell(SESSIONS_SUBJECT, { sessions: sessionIds, by: id, question });
    });
    questions.delete(question);
  }

  return {
    async endSessions(sessionIds) {
      if (sessionIds.length === 0) return;
      hub.endSessions(sessionIds);
      await ask(sessionIds);
    },
    stop() {
      stopHearing();
      stopCounting();
    },
  };
}
