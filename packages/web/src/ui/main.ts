import './first-reading.ts';

// The browser's database reads while the rest of the scripts is made ready.
void import('./page.tsx');
