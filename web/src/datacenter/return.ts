/*
 * The window that came back from Jira: hands the code to the page that opened it, and goes. Only to a page of our own origin, which looks at window and
 * nonce in turn. Where that page is gone, the words of this one say what to do.
 */
const script = document.currentScript as HTMLScriptElement | null;
const opener: unknown = window.opener;
if (script?.dataset.code && opener) {
  (opener as Window).postMessage({ belay: 'signed-in', nonce: script.dataset.nonce, code: script.dataset.code }, window.location.origin);
  window.close();
}
export {};
