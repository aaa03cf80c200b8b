import { useState } from 'react';
import { formProblem, type FormProblem } from '../../state/form-problem.ts';

/** A form on its way: whether it is being sent, and what is wrong with it, which the browser does not tell itself. */
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
      const wrong = fields.filter((field) => inputOf(event.currentTarget, field)?.validity.valid === false);
      if (wrong[0] !== undefined) {
        setProblem({ fields: problemsIn(event.currentTarget, wrong), form: undefined });
        inputOf(event.currentTarget, wrong[0])?.focus();
        return;
      }
      const data = new FormData(event.currentTarget);
      const entries = fields.map((field): [F, string] => {
        const value = data.get(field);
        return [field, typeof value === 'string' ? value : ''];
      });
      void send(Object.fromEntries(entries) as Record<F, string>);
    },
  };
}

/** What the browser finds wrong with fields, by the codes that the server would give. */
function problemsIn<F extends string>(form: HTMLFormElement, fields: readonly F[]): FormProblem<F>['fields'] {
  const problems: FormProblem<F>['fields'] = {};
  for (const field of fields) {
    const code = inputOf(form, field)?.validity.valueMissing === true ? 'required' : 'format';
    problems[field] = { code, detail: '' };
  }
  return problems;
}

function inputOf(form: HTMLFormElement, name: string): HTMLInputElement | undefined {
  const found = form.elements.namedItem(name);
  return found instanceof HTMLInputElement ? found : undefined;
}
