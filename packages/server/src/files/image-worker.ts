import { makeImage } from './images.ts';

/** A process of its own that decodes images, one after the other: what a hostile one breaks is this process alone. */
process.on('message', (path: string) => {
  void makeImage(path).then((made) => process.send?.(made));
});
// The server is gone.
process.on('disconnect', () => process.exit(0));
