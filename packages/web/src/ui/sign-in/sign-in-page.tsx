import { useEffect, useState } from 'react';
import buttons from '../parts/button.module.css';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { useWords } from '../use-words.ts';
import { RegistrationForm } from './registration-form.tsx';
import { SignInForm } from './sign-in-form.tsx';
import styles from './sign-in.module.css';
import { TestUsers } from './test-users.tsx';

/** One card: sign in, or create an account. */
export function SignInPage({ ended }: { ended: boolean }) {
  const words = useWords();
  const [registering, setRegistering] = useState(false);

  useEffect(() => {
    document.title = 'Beseda';
  }, []);

  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <header>
          <p className={styles.brand}>
            <img src="/favicon.svg" alt="" width="32" height="32" />
            Beseda
          </p>
          <h1>{registering ? words.register : words.signIn}</h1>
          <p className={styles.lead}>
            {registering ? words.registerLead : ended ? words.sessionEnded : words.signInLead}
          </p>
        </header>
        {registering ? <RegistrationForm /> : <SignInForm />}
        <button type="button" className={buttons.quiet} onClick={() => setRegistering(!registering)}>
          {registering ? words.toSignIn : words.toRegister}
        </button>
        {!registering && <TestUsers />}
      </div>
      <LanguageSwitch />
    </main>
  );
}
