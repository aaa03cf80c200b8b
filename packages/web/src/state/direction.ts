export type Direction = 'ltr' | 'rtl';

/** A letter of a script that is written from right to left. */
const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\u200F]/u;

/** The direction of a text by its first letter, as `dir="auto"` finds it; undefined where it has none. */
export function directionOf(text: string): Direction | undefined {
  const letter = /[\p{L}\u200E\u200F]/u.exec(text)?.[0];
  if (letter === undefined) return undefined;
  return RIGHT_TO_LEFT.test(letter) ? 'rtl' : 'ltr';
}
