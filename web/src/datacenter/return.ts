/*
 * The window that came back from Jira: hands the code to the page that opened it, and goes. Only to a page of our own origin, which looks at window and
 * nonce in turn. It goes once that page has heard it: closed before, it would look as if somebody had given up. Where that page is gone, the words of this
 * one say what to do.
 */
const kLongestMs = 3_000;

const script = document.currentScript as HTMLScriptElement | null;
const opener: unknown = window.opener;
if (script?.dataset.code && opener) {
  const close = () => window.close();
  window.addEventListener('message', ({ source, origin, data }: MessageEvent<{ belay?: unknown } | null>) => {
    if (source === opener && origin === window.location.origin && data?.belay === 'heard') close();
  });
  setTimeout(close, kLongestMs);
  (opener as Window).postMessage({ belay: 'signed-in', nonce: script.dataset.nonce, code: script.dataset.code }, window.location.origin);
}
export {};
