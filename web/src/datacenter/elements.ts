/* Plain elements and their look: what the bridge shows itself is there before any page, and with every page. */
const kLook = `
.sign-in, .leave { font: var(--ds-font-body, 14px/20px sans-serif); color: var(--ds-text, #292a2e); }
.sign-in { display: grid; gap: 12px; padding: 12px 4px; max-inline-size: 26rem; }
form.sign-in { padding: 0; }
:is(.sign-in, .leave) p { margin: 0; }
.sign-in h1 { margin: 0; font: var(--ds-font-heading-small, 600 16px/20px sans-serif); }
.sign-in label { display: grid; gap: 4px; font-weight: 600; }
.sign-in input { font: inherit; padding: 6px 8px; border: 1px solid var(--ds-border-input, #8c8f97); border-radius: 3px; background: var(--ds-background-input, #fff); color: inherit; inline-size: 100%; box-sizing: border-box; }
:is(.sign-in, .leave) button { justify-self: start; font: inherit; font-weight: 500; padding: 6px 12px; border: 0; border-radius: 3px; background: var(--ds-background-brand-bold, #1868db); color: var(--ds-text-inverse, #fff); cursor: pointer; }
:is(.sign-in, .leave) button:hover { background: var(--ds-background-brand-bold-hovered, #1558bc); }
:is(.sign-in, .leave, .signed-in, .way-back) :is(button, input, a):focus-visible { outline: 2px solid var(--ds-border-focused, #4688ec); outline-offset: 2px; }
:is(.sign-in, .leave) a { color: var(--ds-link, #1868db); font-weight: 500; }
:is(.sign-in button.other, .signed-in button) { padding: 0; background: none; color: var(--ds-link, #1868db); font: inherit; text-decoration: underline; border: 0; cursor: pointer; }
.sign-in button.other:hover { background: none; }
.way-back { padding: 0 0 16px; font: var(--ds-font-body, 14px/20px sans-serif); }
.way-back a { color: var(--ds-link, #1868db); }
.signed-in { display: flex; flex-wrap: wrap; gap: 4px 8px; padding: 12px 4px 4px; font: var(--ds-font-body-small, 12px/16px sans-serif); color: var(--ds-text-subtle, #505258); }
.sign-in .quiet { color: var(--ds-text-subtle, #505258); }
.sign-in .problem { color: var(--ds-text-danger, #ae2e24); }
.leave { margin: 0 auto; inline-size: calc(100% - 16px); max-inline-size: 26rem; box-sizing: border-box; padding: 16px; border: 0; border-radius: 4px; background: var(--ds-surface-overlay, #fff); box-shadow: var(--ds-shadow-overlay, 0 8px 12px #1e1f2126, 0 0 1px #1e1f214f); }
.leave::backdrop { background: var(--ds-blanket, #050c1f75); }
.leave > div { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; margin-block-start: 12px; }
.leave button { background: var(--ds-background-neutral, #0515240f); color: var(--ds-text, #292a2e); }
.leave button:hover { background: var(--ds-background-neutral-hovered, #0b120e24); }
`;

let sheet: CSSStyleSheet | undefined;

/** Once, with the first thing that is shown. */
export function lookOnce(): void {
  if (sheet) return;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(kLook);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, text = '', look = ''): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  if (look) made.className = look;
  return made;
}
