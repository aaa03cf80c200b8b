import { useId, useState, type ComponentProps } from 'react';
import { Icon } from '../parts/icon.tsx';
import { errorText, useWords } from '../use-words.ts';
import styles from './sign-in.module.css';

type FieldProps = Omit<ComponentProps<'input'>, 'className' | 'id'> & {
  label: string;
  problem: { code: string; detail: string } | undefined;
};

/** A field with its name above and what is wrong with it below. */
export function Field({ label, problem, type, ...input }: FieldProps) {
  const words = useWords();
  const id = useId();
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.input}>
        <input
          dir="auto"
          {...input}
          id={id}
          type={type === 'password' && shown ? 'text' : type}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
          required
        />
        {type === 'password' && (
          <button
            type="button"
            aria-label={shown ? words.hidePassword : words.showPassword}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            <Icon name="eye" />
          </button>
        )}
      </div>
      <p id={`${id}-problem`} className={styles.problem} role="alert">
        {problem !== undefined && errorText(words, problem)}
      </p>
    </div>
  );
}
