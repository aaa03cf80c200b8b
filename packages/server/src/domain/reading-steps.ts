import { sql } from 'kysely';
import type { Db } from '../db/open.ts';

/**
 * How long, in milliseconds, further reading belongs to the same step: what is told of when something was read is right
 * to this much, and a member who reads on and on takes one row for each such span.
 */
export const STEP_MS = 60_000;

/** Up to where a member had read by the end of a step. */
export interface ReadingStep {
  chatId: number;
  userId: number;
  /** When the step began. */
  readAt: Date;
  /** Where the mark was before. */
  afterMessageId: number;
  messageId: number;
}

/** Stores steps, each as a new row or by moving on the one that began at the same moment. One statement. */
export async function recordSteps(tx: Db, steps: readonly ReadingStep[]): Promise<void> {
  if (steps.length === 0) return;
  await sql`
    INSERT INTO reading_steps AS s (chat_id, user_id, read_at, after_message_id, message_id)
    SELECT u.chat_id, u.user_id, u.read_at, u.after_message_id, u.message_id
    FROM unnest(
      ${steps.map((step) => step.chatId)}::bigint[], ${steps.map((step) => step.userId)}::bigint[],
      ${steps.map((step) => step.readAt)}::timestamptz[], ${steps.map((step) => step.afterMessageId)}::bigint[],
      ${steps.map((step) => step.messageId)}::bigint[]
    ) AS u (chat_id, user_id, read_at, after_message_id, message_id)
    ON CONFLICT (chat_id, user_id, read_at) DO UPDATE SET message_id = GREATEST(s.message_id, EXCLUDED.message_id)
  `.execute(tx);
}
