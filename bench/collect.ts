import process from 'node:process';

// Loaded into the server that is measured: on a signal it collects its garbage, so that what is left is what is held.
process.on('SIGUSR2', () => {
  // As when memory has run out: the room that garbage has taken is given back too, where new things would hide in it.
  for (let round = 0; round < 5; round += 1) globalThis.gc?.({ type: 'major', flavor: 'last-resort' });
});
