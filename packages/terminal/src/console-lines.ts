import { createInterface } from 'node:readline';
import { Writable, type Readable } from 'node:stream';

/** The lines that a person types, and what they are shown, without the one tearing the other apart. */
export interface ConsoleLines {
  /** Asks for one line; undefined where there are no more. */
  ask(question: string): Promise<string | undefined>;
  /** Asks for one line that is not shown while it is typed. */
  askHidden(question: string): Promise<string | undefined>;
  /** The lines to come. */
  lines(): AsyncIterable<string>;
  print(line: string): void;
  /** Calls back with what is typed so far, at each key; never where there is no terminal. */
  onKey(listener: (typed: string) => void): void;
  close(): void;
}

/** @param terminal whether a person sits there, so that there is a line being typed that must be kept. */
export function createConsoleLines(input: Readable, output: Writable, terminal: boolean): ConsoleLines {
  let hidden = false;
  let prompting = false;
  /** What is typed is shown through this, and a password is not. */
  const echo = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!hidden) output.write(chunk);
      done();
    },
  });
  const typed = createInterface({ input, output: echo, terminal, prompt: '> ' });
  const next = typed[Symbol.asyncIterator]();

  async function line(): Promise<string | undefined> {
    const { value, done } = await next.next();
    return done === true ? undefined : value;
  }

  return {
    async ask(question) {
      output.write(question);
      return line();
    },
    async askHidden(question) {
      output.write(question);
      hidden = true;
      try {
        return await line();
      } finally {
        hidden = false;
        output.write('\n');
      }
    },
    async *lines() {
      prompting = terminal;
      for (;;) {
        if (prompting) typed.prompt();
        const one = await line();
        if (one === undefined) return;
        yield one;
      }
    },
    print(text) {
      if (!prompting) {
        output.write(`${text}\n`);
        return;
      }
      // Over the line that is being typed, which is then shown again.
      output.write(`\r\u001B[K${text}\n`);
      typed.prompt(true);
    },
    onKey(listener) {
      if (terminal) input.on('keypress', () => listener(typed.line));
    },
    close: () => typed.close(),
  };
}
