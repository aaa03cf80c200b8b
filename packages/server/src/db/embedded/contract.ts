/** How to open the embedded PostgreSQL. */
export interface EmbeddedOptions {
  /** absolute path of DATA_DIR */
  dataDir: string;
  /** who opens it, e.g. 'server', 'create-test-data': told to others that find the folder in use */
  role: string;
  /** 'own' = must be the one that starts it; 'share' = connect to the running one, else start it for the duration */
  mode: 'own' | 'share';
  /** calm progress lines for people, e.g. 'Preparing the database (first start) …' */
  tell: (line: string) => void;
}

/** An embedded PostgreSQL that takes connections. */
export interface EmbeddedPostgres {
  /** options for pg.Pool; `host` is the folder of the socket */
  connection: { host: string; port: number; user: string; password: string; database: string; options: string };
  /** false when it belongs to another process and we only connected */
  owned: boolean;
  /** record the server's address once it listens, for the message of a second starter */
  announce(address: string): Promise<void>;
  /** fast shutdown if owned; resolves when the postmaster has ended. Idempotent. */
  stop(): Promise<void>;
}
