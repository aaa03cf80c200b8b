/** One emoji as Unicode recommends it for interchange (UTS #51, RGI), with its variation selector where it has one. */
const ONE_EMOJI = /^\p{RGI_Emoji}$/v;

/** Whether a text is one emoji and nothing else: what one may react with. */
export function isOneEmoji(text: string): boolean {
  return ONE_EMOJI.test(text);
}
