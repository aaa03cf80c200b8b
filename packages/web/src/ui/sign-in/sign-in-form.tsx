import buttons from '../parts/button.module.css';
import { errorText, useWords } from '../use-words.ts';
import { useWorld } from '../world.ts';
import { Field } from './field.tsx';
import styles from './sign-in.module.css';
import { useForm } from './use-form.ts';

const fields = ['username', 'password'] as const;

export function SignInForm() {
  const words = useWords();
  const { account } = useWorld();
  const { busy, problem, onSubmit } = useForm(fields, async ({ username, password }) =>
    account.signIn(username, password),
  );
  return (
    <form className={styles.form} noValidate onSubmit={onSubmit}>
      <Field
        label={words.username}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form
        autoFocus
        problem={problem.fields.username}
      />
      <Field
        label={words.password}
        name="password"
        type="password"
        autoComplete="current-password"
        problem={problem.fields.password}
      />
      <p className={styles.problem} role="alert">
        {problem.form !== undefined && errorText(words, problem.form)}
      </p>
      <button type="submit" className={buttons.primary} disabled={busy}>
        {words.signIn}
      </button>
    </form>
  );
}
