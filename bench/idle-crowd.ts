import process from 'node:process';
import { WebSocket } from 'ws';

// Opens sockets that sign in and then only stay. Run with the address, how many, and the access tokens they take in
// turn; prints `open` when all have been answered, and ends with its input.
const [url = '', count = '0', ...tokens] = process.argv.slice(2);
const PARALLEL = 100;
const open: WebSocket[] = [];

async function signIn(token: string): Promise<void> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { perMessageDeflate: false });
  open.push(socket);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'auth', token })));
    socket.once('message', (data: Buffer) => {
      if (JSON.parse(data.toString()).type === 'hello') resolve();
      else reject(new Error(`a socket was not signed in: ${data.toString()}`));
    });
  });
}

while (open.length < Number(count)) {
  const some = Math.min(PARALLEL, Number(count) - open.length);
  await Promise.all(Array.from({ length: some }, async (_, index) => signIn(tokens[index % tokens.length] ?? '')));
}
process.stdout.write('open\n');
process.stdin.resume().once('end', () => process.exit());
