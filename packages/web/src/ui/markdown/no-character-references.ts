/** Stands for the package of the same name: in messages no name, such as `amp`, is that of a character. */
export function decodeNamedCharacterReference(): false {
  return false;
}
