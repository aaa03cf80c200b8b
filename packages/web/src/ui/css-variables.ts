/** The name of a value that a component hands to its styles. */
export type CssVariable = `--${string}`;

declare module 'react' {
  interface CSSProperties {
    [name: CssVariable]: string | number | undefined;
  }
}
