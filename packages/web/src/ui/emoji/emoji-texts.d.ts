/** What `build/emoji-data.ts` makes: the list, or the names in a language. */
declare module 'virtual:emoji/*' {
  const text: string;
  export default text;
}
