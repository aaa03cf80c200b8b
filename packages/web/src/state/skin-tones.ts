/** Skin tones: 0 is that of no skin, 1 to 5 go from light to dark (Fitzpatrick, as Unicode has them). */
export const tones = [0, 1, 2, 3, 4, 5] as const;
export type Tone = (typeof tones)[number];
