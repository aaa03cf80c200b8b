import { EMAIL_LENGTH, NAME_LENGTH, USERNAME_LENGTH } from '@beseda/protocol/limits.ts';
import type { Account, Register, Registered, UpdateAccount } from '@beseda/protocol/users.ts';
import type { Updateable } from 'kysely';
import type { Db } from '../db/open.ts';
import type { Tables } from '../db/tables.ts';
import { checkPassword, hashPassword, passwordMatches, type PasswordRules } from './passwords.ts';
import { ProblemError } from './problem.ts';
import { foldedKey, nameText, trimmedText } from './text.ts';

/**
 * Makes an account.
 *
 * @throws ProblemError `invalid_input`, `username_taken`, `email_taken`.
 */
export async function register(db: Db, input: Register, rules: PasswordRules, now: Date): Promise<Registered> {
  const username = nameText(input.username, USERNAME_LENGTH, ['body', 'username']);
  const email = trimmedText(input.email, { min: 1, max: EMAIL_LENGTH.max }, ['body', 'email']);
  const displayName = optionalName(input.display_name);
  await checkPassword(input.password, rules, ['body', 'password']);
  // Looked up before as well as caught after: the common case costs neither a hash nor a number of the sequence.
  await refuseTaken(db, foldedKey(username), foldedKey(email));
  const row = await db
    .insertInto('users')
    .values({
      username,
      username_key: foldedKey(username),
      email,
      email_key: foldedKey(email),
      password_hash: await hashPassword(input.password),
      display_name: displayName,
      display_name_key: displayName === null ? null : foldedKey(displayName),
      locale: null,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (row === undefined) {
    await refuseTaken(db, foldedKey(username), foldedKey(email));
    throw usernameTaken();
  }
  return { id: row.id, username, email };
}

/** The user whose name and password these are, or undefined; both answers take the same time. */
export async function findByCredentials(db: Db, username: string, password: string): Promise<number | undefined> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'password_hash'])
    .where('username_key', '=', foldedKey(username.trim()))
    .executeTakeFirst();
  return (await passwordMatches(user?.password_hash, password)) ? user?.id : undefined;
}

/**
 * Sets a new password where the present one was told rightly.
 *
 * @throws ProblemError `wrong_credentials`, `invalid_input`.
 */
export async function changePassword(
  db: Db,
  userId: number,
  passwords: { current_password: string; new_password: string },
  rules: PasswordRules,
): Promise<void> {
  const user = await db.selectFrom('users').select('password_hash').where('id', '=', userId).executeTakeFirstOrThrow();
  if (!(await passwordMatches(user.password_hash, passwords.current_password))) {
    throw new ProblemError('wrong_credentials', 'The current password is not right.');
  }
  await checkPassword(passwords.new_password, rules, ['body', 'new_password']);
  const hash = await hashPassword(passwords.new_password);
  await db.updateTable('users').set({ password_hash: hash }).where('id', '=', userId).execute();
}

export async function getAccount(db: Db, userId: number): Promise<Account> {
  const row = await db
    .selectFrom('users')
    .select(['id', 'username', 'email', 'display_name', 'locale', 'last_seen_visible', 'created_at'])
    .where('id', '=', userId)
    .executeTakeFirstOrThrow();
  return { ...row, created_at: row.created_at.toISOString() };
}

/**
 * Changes what the user tells of themself.
 *
 * @throws ProblemError `invalid_input`.
 */
export async function updateAccount(db: Db, userId: number, input: UpdateAccount): Promise<Account> {
  const change: Updateable<Tables['users']> = {};
  if (input.display_name !== undefined) {
    change.display_name = optionalName(input.display_name);
    change.display_name_key = change.display_name === null ? null : foldedKey(change.display_name);
  }
  if (input.locale !== undefined) change.locale = input.locale;
  if (input.last_seen_visible !== undefined) change.last_seen_visible = input.last_seen_visible;
  if (Object.keys(change).length > 0) await db.updateTable('users').set(change).where('id', '=', userId).execute();
  // What is hidden is not kept.
  if (change.last_seen_visible === false) await db.deleteFrom('last_seen').where('user_id', '=', userId).execute();
  return getAccount(db, userId);
}

function optionalName(name: string | null | undefined): string | null {
  return name === undefined || name === null ? null : nameText(name, NAME_LENGTH, ['body', 'display_name']);
}

async function refuseTaken(db: Db, usernameKey: string, emailKey: string): Promise<void> {
  const taken = await db
    .selectFrom('users')
    .select('username_key')
    .where((where) => where.or([where('username_key', '=', usernameKey), where('email_key', '=', emailKey)]))
    .execute();
  if (taken.length === 0) return;
  if (taken.some((row) => row.username_key === usernameKey)) throw usernameTaken();
  throw new ProblemError('email_taken', 'There is an account with this e-mail address: sign in, or use another.');
}

function usernameTaken(): ProblemError {
  return new ProblemError(
    'username_taken',
    'Somebody has this username, or one that differs in case alone: choose another.',
  );
}
