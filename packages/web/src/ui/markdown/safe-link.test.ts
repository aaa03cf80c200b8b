import { expect, test } from 'vitest';
import { safeLink } from './safe-link.ts';

test.each(['https://sad.example/plan-7', 'http://localhost:8000/', 'mailto:anna@example.com', 'tel:+123'])(
  '%s may be followed',
  (address) => {
    expect(safeLink(address)).toBe(address);
  },
);

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://example.com/x',
  '/c/5',
  '//evil.example',
  '',
])('security case 9: %j may not', (address) => {
  expect(safeLink(address)).toBeUndefined();
});
