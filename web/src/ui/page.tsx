/*
 * What every page does before its own work: Jira's theme, the reader's language, and words when the page itself breaks.
 */
import { view } from '@forge/bridge';
import { Component, StrictMode, type ErrorInfo, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { Message } from './message';
import { loadWords, WordsProvider, type Key, type Place, type Words } from './words';
import './page.css';

class Boundary extends Component<{ words: Words; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    return this.state.broken ? <Message kind="error" alert>{this.props.words.say('common.crashed')}</Message> : this.props.children;
  }
}

// As web/src/datacenter/bridge.ts says it.
const placeOf = (context: { extension?: { type?: unknown } } | undefined): Place => (String(context?.extension?.type).startsWith('datacenter:') ? 'datacenter' : 'cloud');

/** `title`: for the document; Jira draws its own heading around the page. */
export async function showPage(title: Key, page: ReactNode): Promise<void> {
  // A host without theming leaves the light tokens of our own style sheet.
  void Promise.resolve(view.theme.enable()).catch(() => undefined);
  const context = await view.getContext().catch(() => undefined);
  const words = await loadWords(context?.locale ?? navigator.language, context?.timezone, placeOf(context));
  document.documentElement.lang = words.language;
  document.title = words.say(title);
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no #root');
  createRoot(root).render(
    <StrictMode>
      <WordsProvider words={words}>
        <Boundary words={words}>{page}</Boundary>
      </WordsProvider>
    </StrictMode>,
  );
}
