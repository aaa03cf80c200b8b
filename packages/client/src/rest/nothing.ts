import { Type } from 'typebox';

/** An answer without a body. */
export const Nothing = Type.Undefined();
