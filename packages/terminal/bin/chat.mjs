// Plain JavaScript, so that a Node that cannot run TypeScript still says what is wrong.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `The chat runs on Node 22.18 or newer, and this is Node ${process.versions.node}.\n` +
      '`npm ci` brings Node 24 along on Linux and Windows: run it by `npm run chat` there. Elsewhere, install Node 24.\n',
  );
  process.exit(1);
}
await import('../src/main.ts');
