import { useId, type ReactNode } from 'react';
import styles from './settings.module.css';

export interface ChoicesProps<T extends string> {
  name: string;
  value: T;
  /** Where what is shown does not name the choice, its name. */
  choices: readonly { value: T; shown: ReactNode; name?: string; lang?: string }[];
  onChange: (value: T) => void;
  /** What follows from the choice. */
  note?: string;
}

/** One of a few, side by side; the arrows go from one to the next. */
export function Choices<T extends string>({ name, value, choices, onChange, note }: ChoicesProps<T>) {
  const group = useId();
  const noteId = useId();
  return (
    <fieldset className={styles.row} aria-describedby={note === undefined ? undefined : noteId}>
      <legend className="hidden">{name}</legend>
      <div className={styles.text}>
        <span aria-hidden="true">{name}</span>
        {note !== undefined && <small id={noteId}>{note}</small>}
      </div>
      <div className={styles.choices}>
        {choices.map((choice) => (
          <label key={choice.value} lang={choice.lang}>
            <input
              type="radio"
              name={group}
              aria-label={choice.name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.shown}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
