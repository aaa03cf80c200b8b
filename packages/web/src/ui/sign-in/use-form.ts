import { useState } from 'react';
import { formProblem, type FormProblem } from '../../state/form-problem.ts';

/** A form on its way: whether it is being sent, and what the server found wrong. */
export function useForm<F extends string>(fields: readonly F[], submit: (values: Record<F, string>) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<FormProblem<F>>({ fields: {}, form: undefined });

  async function send(values: Record<F, string>): Promise<void> {
    setBusy(true);
    try {
      await submit(values);
    } catch (error) {
      setProblem(formProblem(error, fields));
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    problem,
    onSubmit: (event: { preventDefault: () => void; currentTarget: HTMLFormElement }) => {
      event.preventDefault();
      const data = new FormData(event.currentTarget);
      const entries = fields.map((field): [F, string] => {
        const value = data.get(field);
        return [field, typeof value === 'string' ? value : ''];
      });
      void send(Object.fromEntries(entries) as Record<F, string>);
    },
  };
}
