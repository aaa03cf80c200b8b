import chromium, { inflate } from '@sparticuz/chromium';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// A program of its own, run with TMPDIR naming the folder to unpack into: the package unpacks into the folder for
// temporary files, whatever that is, and takes what it finds there for whole, even while another process writes it.
const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..', 'bin');
// Software rendering of WebGL is not needed.
chromium.setGraphicsMode = false;
await chromium.executablePath(bin);
// NSS, NSPR and expat, which a Debian without a desktop lacks. The package itself unpacks them on Amazon's machines only.
await inflate(join(bin, 'al2023.tar.br'));
