import pg from 'pg';

// The product's server with one fault: where messages are sent, it goes on before the commit, which follows a moment
// later. So acknowledgements and live frames leave before what they tell is committed, and a crash in between loses it.
// A run with it must fail.

/** How much later the commit follows: seconds that a transaction is at risk. */
const LATER_S = 0.3;

// Called with the client as its `this` below.
// oxlint-disable-next-line typescript/unbound-method
const properQuery = pg.Client.prototype.query;

/** What a commit resolves with, as far as anybody looks at it. */
const DONE = { command: 'COMMIT', rowCount: null, oid: 0, fields: [], rows: [] };

/** Connections whose transaction stores messages. */
const storing = new WeakSet<pg.Client>();

Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...given: unknown[]): unknown {
    const [statement] = given;
    if (typeof statement === 'string' && /INSERT INTO messages\b/i.test(statement)) storing.add(this);
    if (statement !== 'commit' || !storing.delete(this)) return Reflect.apply(properQuery, this, given);
    // The connection does one thing after the other, so whoever gets it next waits for these.
    for (const late of [`SELECT pg_sleep(${LATER_S})`, 'COMMIT']) Reflect.apply(properQuery, this, [late, () => {}]);
    return Promise.resolve(DONE);
  },
});

await import('@beseda/server/main.ts');
