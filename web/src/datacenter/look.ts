/* Looks of what stands outside the page's own components. The policy of the pages takes constructed style sheets. */
const added = new Set<string>();

export function addLook(css: string): void {
  if (added.has(css)) return;
  added.add(css);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
