/** A count as a small icon can show it; empty where there is nothing to count. */
export function badgeText(count: number): string {
  if (count <= 0) return '';
  return count > 9 ? '9+' : `${count}`;
}

/**
 * The page's icon with a count in its corner.
 *
 * @param icon an SVG of 32 by 32.
 * @param text what {@link badgeText} says.
 */
export function countedIcon(icon: string, text: string): string {
  if (text === '') return icon;
  const size = text.length > 1 ? 14 : 17;
  // However wide the letters of the font are.
  const fitting = text.length > 1 ? 'textLength="16" lengthAdjust="spacingAndGlyphs" ' : '';
  // White on this red has a contrast of 6.5.
  const badge =
    '<circle cx="21.500" cy="10.500" r="10.500" fill="#b3261e"/>' +
    `<text x="21.500" y="${10.5 + size * 0.36}" text-anchor="middle" fill="#fff" ` +
    `${fitting}font-family="system-ui, sans-serif" font-weight="700" font-size="${size}">${text}</text>`;
  return icon.replace('</svg>', `${badge}</svg>`);
}

/** The title of the page. */
export function countedTitle(title: string, count: number): string {
  return count > 0 ? `(${count > 999 ? '999+' : count}) ${title}` : title;
}
