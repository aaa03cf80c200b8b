/**
 * The address of a script of ours, where the browser takes no text for one: the page's policy for Trusted Types allows
 * policies by name, each for one use and for a constant alone.
 *
 * @param name the policy, as the server's `trusted-types` has it.
 */
export function ownScript(name: 'service-worker' | 'highlighter', address: string): string {
  const types: unknown = 'trustedTypes' in globalThis ? globalThis.trustedTypes : undefined;
  if (!isTrustedTypes(types)) return address;
  const policy = made.get(name) ?? types.createPolicy(name, { createScriptURL: () => address });
  made.set(name, policy);
  return policy.createScriptURL('');
}

/** A policy can be made once. */
const made = new Map<string, Policy>();

interface Policy {
  createScriptURL: (input: string) => string;
}

/** What TypeScript's own types of the browser lack; the result stands for a text where one is asked for. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: () => string }): Policy;
}

function isTrustedTypes(value: unknown): value is TrustedTypes {
  return typeof value === 'object' && value !== null && 'createPolicy' in value;
}
