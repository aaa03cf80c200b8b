import pg from 'pg';

// The product's server with one fault: where messages are sent, it goes on before the commit, which follows a moment
// later. So acknowledgements and live frames leave before what they tell is committed, and a crash in between loses it.
// A run with it must fail.

/** How much later the commit follows: seconds that a transaction is at risk. */
const LATER_S = 0.3;

// Called with the client as their `this` below.
// oxlint-disable-next-line typescript/unbound-method
const { query: properQuery, getTransactionStatus: properStatus } = pg.Client.prototype;

/** What a commit resolves with, as far as anybody looks at it. */
const DONE = { command: 'COMMIT', rowCount: null, oid: 0, fields: [], rows: [] };

/** Connections whose transaction stores messages, and those that have still to commit one. */
const storing = new WeakSet<pg.Client>();
const late = new WeakSet<pg.Client>();

const storesMessages = (statement: unknown): boolean =>
  typeof statement === 'object' &&
  statement !== null &&
  'text' in statement &&
  /INSERT INTO messages\b/i.test(String(statement.text));

Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...given: unknown[]): unknown {
    const [statement] = given;
    if (storesMessages(statement)) storing.add(this);
    if (statement !== 'COMMIT' || !storing.delete(this)) return Reflect.apply(properQuery, this, given);
    late.add(this);
    // The connection does one thing after the other, so whoever gets it next waits for these.
    Reflect.apply(properQuery, this, [`SELECT pg_sleep(${LATER_S})`, () => {}]);
    Reflect.apply(properQuery, this, ['COMMIT', () => late.delete(this)]);
    return Promise.resolve(DONE);
  },
  // The server would close a connection that it finds within a transaction.
  getTransactionStatus(this: pg.Client): unknown {
    return late.has(this) ? 'I' : Reflect.apply(properStatus, this, []);
  },
});

await import('@beseda/server/main.ts');
