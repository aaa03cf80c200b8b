import { useId } from 'react';
import styles from './settings.module.css';

export interface SwitchProps {
  name: string;
  /** What it means to have it on, or why it cannot be. */
  note: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

/** Something that is on or off. */
export function Switch({ name, note, on, disabled = false, onChange }: SwitchProps) {
  const id = useId();
  return (
    <div className={styles.row}>
      <div className={styles.text}>
        <label htmlFor={id}>{name}</label>
        <small id={`${id}-note`}>{note}</small>
      </div>
      <input
        id={id}
        className={styles.switch}
        type="checkbox"
        // Being checked says it; HTML forbids the same in ARIA.
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- see above
        role="switch"
        aria-describedby={`${id}-note`}
        checked={on}
        disabled={disabled}
        onChange={({ target }) => onChange(target.checked)}
      />
    </div>
  );
}
