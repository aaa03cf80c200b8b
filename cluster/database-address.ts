/** How an embedded PostgreSQL is reached: by the folder of its socket. */
export interface SocketConnection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** A `DATABASE_URL` for another process of this machine; over the socket, or over TCP where `port` is given. */
export function databaseAddress({ host, user, password, database }: SocketConnection, port?: number): string {
  const place = port === undefined ? encodeURIComponent(host) : `127.0.0.1:${port}`;
  return `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${place}/${database}?sslmode=disable`;
}
