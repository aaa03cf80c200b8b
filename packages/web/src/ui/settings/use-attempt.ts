import { ApiError } from '@beseda/client/api-error.ts';
import { useState } from 'react';

/** Does what may fail, and knows why it did; in a dialog it is told there, beside what was pressed. */
export function useAttempt() {
  const [problem, setProblem] = useState<{ code: string; detail: string }>();

  async function attempt(act: () => Promise<unknown>): Promise<void> {
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem({ code: error.code, detail: error.problem.detail });
    }
  }

  return { problem, attempt };
}
