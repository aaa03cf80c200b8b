import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { wordsOf } from '../words/languages.ts';
import { App } from './app.tsx';
import { dressPage } from './dress-page.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import { createWorld, WorldContext } from './world.ts';

const root = document.querySelector('#root');
if (root === null) throw new Error('The page has no #root.');
const world = await createWorld();
dressPage(world.preferences);
// Both are on their way before anything is drawn.
const started = world.account.start();
const words = await wordsOf(world.preferences.get().language);
await started;
createRoot(root).render(
  <StrictMode>
    <WorldContext value={world}>
      <App firstWords={words} />
    </WorldContext>
  </StrictMode>,
);
