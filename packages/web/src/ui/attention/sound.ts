/** Two soft notes, a fourth apart (in Hz), and when each begins, in seconds. */
const NOTES = [
  { frequency: 587.33, at: 0 },
  { frequency: 783.99, at: 0.11 },
];

/** How loud it is, of 1: about as loud as quiet speech on a laptop. */
const LOUDNESS = 0.09;

/** How long a note takes to swell and to fade, in seconds. */
const SWELL = 0.015;
const FADE = 0.42;

let context: AudioContext | undefined;

/** The sound of a new message, made on the spot. Browsers let a page sound only once one has done something in it. */
export function ring(): void {
  if ('userActivation' in navigator && !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  const now = context.currentTime;
  for (const { frequency, at } of NOTES) {
    const tone = new OscillatorNode(context, { type: 'sine', frequency });
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, now + at);
    volume.gain.linearRampToValueAtTime(LOUDNESS, now + at + SWELL);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + at + FADE);
    tone.connect(volume).connect(context.destination);
    tone.start(now + at);
    tone.stop(now + at + FADE);
  }
}
