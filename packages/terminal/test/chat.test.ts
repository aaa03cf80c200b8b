import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ask, createGroup, openChat, sendText, signUp, type Person } from '../../server/testing/api-client.ts';
import { connectToMain } from '../../server/testing/main-socket.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import { runChat, type ChatProcess } from './chat-process.testing.ts';

let server: TestServer;
let anna: Person;
let boris: Person;
beforeAll(async () => {
  server = await startTestServer();
  anna = await signUp(server, 'anna');
  boris = await signUp(server, 'boris');
});
afterAll(async () => server.stop());

function chatOf(person: Person): ChatProcess {
  const running = runChat(['--url', server.url, '--user', person.username], { BESEDA_PASSWORD: person.password });
  onTestFinished(() => running.kill());
  return running;
}

describe('npm run chat', () => {
  test('asks who one is, shows the chats, and /help tells the rest', async () => {
    const [person, other] = [await signUp(server), await signUp(server)];
    const chat = await openChat(server, person, other);
    await sendText(server, other, chat.id, 'are you there?');
    const running = runChat(['--url', server.url]);
    onTestFinished(() => running.kill());
    await running.shows(/Username: /);
    running.type(person.username);
    await running.shows(/Password: /);
    running.type('not the password');
    await running.shows(/not right/);
    running.type(person.username);
    running.type(person.password);
    await running.shows(new RegExp(`${chat.id}  ${other.username}  1 unread  ${other.username}: are you there\\?`));
    running.type('/help');
    await running.shows(/\/react MESSAGE EMOJI/);
    running.type('/quit');
    expect(await running.ended).toBe(0);
    expect(running.output()).not.toContain(person.password);
  });

  test('opens a chat, sends, and shows what others write, edit, delete and react with', async () => {
    const group = await createGroup(server, anna, [boris]);
    const chat = chatOf(anna);
    await chat.shows(/\/help/);
    chat.type('hello?');
    await chat.shows(/Open a chat first/);
    chat.type(`/open ${group.id}`);
    await chat.shows(/— A group —/);
    chat.type('hello');
    await chat.shows(/\[1\] \d\d:\d\d you: hello/);
    await sendText(server, boris, group.id, 'hi\u001B[2J');
    await chat.shows(new RegExp(`\\[2\\] \\d\\d:\\d\\d ${boris.username}: hi�\\[2J`));
    chat.type('/edit 1 hello all');
    await chat.shows(/\[1\] .* you: hello all \(edited\)/);
    chat.type('/react 2 👍');
    await chat.shows(/\[2\] .*👍1/);
    chat.type('/reply 2 good to see you');
    await chat.shows(/\[3\] .* you → \[2\]: good to see you/);
    chat.type('/edit 2 not mine');
    await chat.shows(/! Only who wrote a message may edit it/);
    chat.type('/delete 1');
    await chat.shows(/\[1\] .* you: \(deleted\)/);
    chat.type('/who');
    await chat.shows(new RegExp(`you \\(online\\), ${boris.username}\\n2 in all, 1 online`));
    chat.endInput();
    expect(await chat.ended).toBe(0);
  });

  test('shows older messages page by page, and where they begin', async () => {
    const group = await createGroup(server, anna, [boris]);
    for (let index = 1; index <= 30; index += 1) await sendText(server, boris, group.id, `message ${index}.`);
    const chat = chatOf(anna);
    await chat.shows(/\/help/);
    chat.type(`/open ${group.id}`);
    await chat.shows(/message 11\.[^]*message 30\./);
    chat.type('/history 5');
    await chat.shows(/message 6\.[^]*message 10\./);
    chat.type('/history');
    await chat.shows(/message 1\.[^]*message 5\./);
    chat.type('/history');
    expect(await chat.shows(/That is where it begins/)).not.toBe('');
  });

  test('begins chats and groups by name, and says when there is nobody called so', async () => {
    const chat = chatOf(anna);
    await chat.shows(/\/help/);
    chat.type('/new nobody-at-all');
    await chat.shows(/! There is nobody called nobody-at-all/);
    chat.type(`/new ${boris.username}`);
    await chat.shows(new RegExp(`— ${boris.username} —`));
    chat.type(`/group "Two words" ${boris.username}`);
    await chat.shows(/— Two words —/);
    chat.type('//slash');
    expect(await chat.shows(/\[1\] .* you: .*/)).toMatch(/\/slash$/);
  });

  test('shows who types', async () => {
    const group = await createGroup(server, anna, [boris]);
    const chat = chatOf(anna);
    await chat.shows(/\/help/);
    chat.type(`/open ${group.id}`);
    await chat.shows(/No messages yet/);
    const socket = await connectToMain(server, boris.token);
    onTestFinished(() => socket.close());
    await socket.sync();
    socket.send({ type: 'typing', chat_id: group.id, on: true });
    expect(await chat.shows(/… .* typing/)).toBe(`… ${boris.username} typing`);
  });

  test('tells of messages in other chats', async () => {
    const group = await createGroup(server, anna, [boris]);
    const chat = chatOf(anna);
    await chat.shows(/\/help/);
    chat.type('/list');
    await chat.shows(/A group/);
    await sendText(server, boris, group.id, 'over here');
    expect(await chat.shows(/\* .* in A group .*/)).toBe(
      `* ${boris.username} in A group (/open ${group.id}): over here`,
    );
  });

  test('says why a message was refused, and sends nothing that was not asked for', async () => {
    const group = await createGroup(server, anna, [boris]);
    const chat = chatOf(boris);
    await chat.shows(/\/help/);
    chat.type(`/open ${group.id}`);
    await chat.shows(/No messages yet/);
    chat.type('x'.repeat(5000));
    await chat.shows(/! not sent: .*4096/);
    const { body } = await ask(server, 'GET', `/messages/history/${group.id}`, { token: boris.token });
    expect(body).toEqual([]);
  });

  test('an address that is none, and a server that is not there, are told in a line', async () => {
    const slip = runChat(['--url', 'localhost']);
    await slip.shows(/--url must be an address/);
    expect(await slip.ended).toBe(2);
    const nobody = runChat(['--url', 'http://127.0.0.1:1', '--user', 'a'], { BESEDA_PASSWORD: 'b' });
    await nobody.shows(/http:\/\/127\.0\.0\.1:1 cannot be reached/);
    expect(await nobody.ended).toBe(1);
  });
});

/** Whether a program can be run in a terminal here: by `script`, of util-linux. */
function terminalIsHere(): boolean {
  try {
    execFileSync('script', ['--version']);
    return true;
  } catch {
    process.stderr.write('The chat is not tested in a terminal: there is no “script” (util-linux) on this machine.\n');
    return false;
  }
}

test.runIf(terminalIsHere())('in a terminal, a password is not shown while it is typed', async () => {
  const person = await signUp(server);
  const running = runChat(['--url', server.url, '--user', person.username], {}, (command) => [
    'script',
    '-qfec',
    command.map((part) => `'${part}'`).join(' '),
    '/dev/null',
  ]);
  onTestFinished(() => running.kill());
  await running.shows(/Password: /);
  running.type(person.password);
  await running.shows(/No chats yet/);
  await running.shows(/> /);
  running.type('/quit');
  await running.ended;
  expect(running.output()).not.toContain(person.password);
});
