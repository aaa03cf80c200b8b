/**
 * Something the person who starts Beseda can mend: a wrong setting, a folder in use, a database that is too old.
 * `main` prints the message as it stands, without a stack trace, and ends with exit code 1. The first line says
 * what is wrong and where; further lines say what to do.
 */
export class StartupError extends Error {
  override name = 'StartupError';
}
