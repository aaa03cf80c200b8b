import { Type, type Static } from 'typebox';

// What the two processes of a benchmark tell each other, as JSON. Both parse what they get.

export const RoundResult = Type.Object({
  figures: Type.Record(Type.String(), Type.Number()),
  faults: Type.Array(Type.String()),
});

export const RowResult = Type.Object({
  name: Type.String(),
  headline: Type.Array(Type.String()),
  rounds: Type.Array(RoundResult),
});

/** To the driver: the only one it gets. */
export const Order = Type.Object({
  workload: Type.String(),
  extent: Type.Object({
    rounds: Type.Integer(),
    seconds: Type.Number(),
    quick: Type.Boolean(),
    growth: Type.Array(Type.Number()),
    door: Type.Union([Type.Literal('main'), Type.Literal('chat')]),
  }),
  serverCore: Type.Union([Type.Integer(), Type.Null()]),
  folder: Type.String(),
});
export type Order = Static<typeof Order>;

/**
 * From the driver: what it does, and in the end the rows, with the version of the PostgreSQL that was measured, or why
 * there are none.
 */
export const Report = Type.Union([
  Type.Object({ step: Type.String() }),
  Type.Object({ rows: Type.Array(RowResult), postgres: Type.Optional(Type.String()) }),
  Type.Object({ failure: Type.String() }),
]);
export type Report = Static<typeof Report>;
