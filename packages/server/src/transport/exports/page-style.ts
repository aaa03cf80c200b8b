/** How the page of a chat looks, in light and dark and on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1e24; --faint: #6b7280; --line: #e5e7eb; --ground: #fff; --accent: #2f6bd8 }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8ec; --faint: #98a0ad; --line: #2c313a; --ground: #16191f; --accent: #7fa8f5 }
}
* { box-sizing: border-box; margin: 0 }
body { background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 720px; margin: 0 auto; padding: 32px 20px 64px }
main > header { padding-bottom: 16px; border-bottom: 1px solid var(--line) }
h1 { font-size: 26px; line-height: 1.25 }
h2 { margin: 32px 0 12px; color: var(--faint); font-size: 13px; font-weight: 600; text-align: center }
header p, time, .answers, .deleted { color: var(--faint); font-size: 13px }
article { padding: 8px 12px; margin: 0 -12px; border-radius: 8px; break-inside: avoid }
article:target { background: color-mix(in srgb, var(--accent) 12%, transparent) }
article header { display: flex; align-items: baseline; gap: 8px }
h3 { font-size: 15px; overflow-wrap: anywhere }
time { flex: none }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.answers { padding-left: 8px; border-left: 2px solid var(--accent) }
.answers a { color: inherit; text-decoration: none }
.deleted { font-style: italic }
ul { display: flex; flex-wrap: wrap; gap: 6px; padding: 4px 0 0; list-style: none }
li { padding: 1px 8px; border: 1px solid var(--line); border-radius: 12px; font-size: 14px }
`;
