import { CompiledQuery } from 'kysely';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Db } from '../src/db/open.ts';
import type { Steps } from '../src/db/pipeline.ts';

const Plan = Type.Cyclic(
  {
    Node: Type.Object({
      'Node Type': Type.String(),
      'Relation Name': Type.Optional(Type.String()),
      'Index Name': Type.Optional(Type.String()),
      'Actual Rows': Type.Optional(Type.Number()),
      'Actual Loops': Type.Optional(Type.Number()),
      'Rows Removed by Filter': Type.Optional(Type.Number()),
      'Rows Removed by Index Recheck': Type.Optional(Type.Number()),
      Plans: Type.Optional(Type.Array(Type.Ref('Node'))),
    }),
  },
  'Node',
);
export type PlanNode = Static<typeof Plan>;
const Explained = Type.Array(Type.Object({ 'QUERY PLAN': Type.Array(Type.Object({ Plan: Type.Unknown() })) }));

/**
 * Every node of the plan of a statement.
 *
 * @param how what EXPLAIN is told; with ANALYZE the nodes also say what came of them, which is undone.
 */
export async function planOf(
  db: Db,
  { sql: text, parameters }: CompiledQuery,
  how: 'ANALYZE' | 'ANALYZE FALSE' | 'GENERIC_PLAN' = 'ANALYZE FALSE',
): Promise<PlanNode[]> {
  const explain = CompiledQuery.raw(`EXPLAIN (${how}, FORMAT JSON) ${text}`, [...parameters]);
  const trial = await db.startTransaction().execute();
  const { rows } = await trial.executeQuery(explain);
  await trial.rollback().execute();
  const [explained] = Value.Parse(Explained, rows);
  const nodes: PlanNode[] = [];
  const walk = (node: PlanNode): void => {
    nodes.push(node);
    for (const child of node.Plans ?? []) walk(child);
  };
  for (const { Plan: top } of explained?.['QUERY PLAN'] ?? []) walk(Value.Parse(Plan, top));
  return nodes;
}

/** Rows of these tables that a statement looks at. */
export async function rowsLookedAt(db: Db, statement: CompiledQuery, tables: ReadonlySet<string>): Promise<number> {
  const nodes = await planOf(db, statement, 'ANALYZE');
  return nodes
    .filter((node) => tables.has(node['Relation Name'] ?? '') && node['Node Type'].endsWith('Scan'))
    .map((node) => {
      const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
      return ((node['Actual Rows'] ?? 0) + removed) * (node['Actual Loops'] ?? 0);
    })
    .reduce((sum, count) => sum + count, 0);
}

/** The same steps; each statement that they take is put down first. */
export function keepingSteps(steps: Steps, statements: CompiledQuery[]): Steps {
  const keep = (text: string, values: readonly unknown[]): void => {
    statements.push(CompiledQuery.raw(text, [...values]));
  };
  return {
    async run(text, values) {
      keep(text, values);
      return steps.run(text, values);
    },
    begin(text, values) {
      keep(text, values);
      steps.begin(text, values);
    },
  };
}
