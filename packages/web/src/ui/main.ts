// The browser's database reads while the rest of the scripts is made ready.
// oxlint-disable-next-line import/no-unassigned-import -- what it reads is taken up by the page
import './first-reading.ts';

void import('./page.tsx');
