import { expect, test } from 'vitest';
import { badgeText, countedIcon, countedTitle } from './counted-icon.ts';

test.each([
  [0, '', 'Beseda'],
  [3, '3', '(3) Beseda'],
  [9, '9', '(9) Beseda'],
  [10, '9+', '(10) Beseda'],
  [1000, '9+', '(999+) Beseda'],
])('%i unread messages stand in the title and, as far as there is room, in the icon', (count, badge, title) => {
  expect(badgeText(count)).toBe(badge);
  expect(countedTitle('Beseda', count)).toBe(title);
});

test('the icon keeps what it was, and is the same without a count', () => {
  const icon = '<svg viewBox="0 0 32 32"><rect/></svg>';
  expect(countedIcon(icon, '')).toBe(icon);
  expect(countedIcon(icon, '9+')).toMatch(/^<svg viewBox="0 0 32 32"><rect\/><circle .*>9\+<\/text><\/svg>$/);
});
