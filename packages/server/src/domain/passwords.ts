import { hash, verify } from '@node-rs/argon2';
import { PASSWORD_LENGTH } from '@beseda/protocol/limits.ts';
import type { InputError } from '@beseda/protocol/errors.ts';
import { invalidField } from './problem.ts';
import { countCharacters } from './text.ts';

/** `original`: as the application Beseda descends from; `strict`: longer, and no well-known ones. */
export type PasswordRules = 'original' | 'strict';

/** Shortest password under `strict` (NIST SP 800-63B asks for 8; we ask for more where the second factor is missing). */
const STRICT_MIN = 10;

// Argon2id with the first of the parameter sets that the OWASP Password Storage Cheat Sheet recommends.
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/**
 * Refuses a password that the rules do not allow.
 *
 * @throws ProblemError `invalid_input` naming `loc`.
 */
export async function checkPassword(password: string, rules: PasswordRules, loc: InputError['loc']): Promise<void> {
  const length = countCharacters(password);
  const min = rules === 'strict' ? STRICT_MIN : PASSWORD_LENGTH.min;
  if (length < min || length > PASSWORD_LENGTH.max) {
    throw invalidField(loc, `must be ${min} to ${PASSWORD_LENGTH.max} characters long`, 'length');
  }
  if (rules === 'strict' && (await commonPasswords()).has(password.toLowerCase())) {
    throw invalidField(loc, 'is among the most common passwords and would be guessed soon: choose another', 'common');
  }
}

let common: Promise<ReadonlySet<string>> | undefined;

/** Some 50,000 passwords seen most often in leaks. Loaded on first use: only `strict` needs them. */
async function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then((module) => new Set(module.dictionary['passwords-common']));
  return common;
}

/** The Argon2id hash to store, with its salt and parameters. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2);
}

let nobodysHash: Promise<string> | undefined;

/**
 * Whether the password belongs to the hash. For an unknown user (`undefined`) it does the same work and says no, so
 * that the time tells nothing.
 */
export async function passwordMatches(stored: string | undefined, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword('the password of nobody');
  const matches = await verify(stored ?? (await nobodysHash), password);
  return matches && stored !== undefined;
}
