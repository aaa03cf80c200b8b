import { Type, type Static } from 'typebox';

/** To the bare writer: begin, with so many of the frame in each write; or stop. */
export const WriterOrder = Type.Union([
  Type.Object({ frame: Type.String({ description: 'Its bytes as Latin-1.' }), frames: Type.Integer({ minimum: 1 }) }),
  Type.Object({ stop: Type.Literal(true) }),
]);
export type WriterOrder = Static<typeof WriterOrder>;

/** From it, once it has stopped: how many writes have been taken whole. */
export const WriterReport = Type.Object({ writes: Type.Integer() });
export type WriterReport = Static<typeof WriterReport>;
