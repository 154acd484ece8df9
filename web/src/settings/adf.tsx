/*
 * Shows a document in Atlassian Document Format as a comment would look. It knows what the customer text can become; of anything
 * else the content is shown. Only http and https become links.
 */
import { Fragment, type ReactNode } from 'react';
import { useWords, type Words } from '../ui/words';

interface Node {
  type?: unknown;
  text?: unknown;
  attrs?: Record<string, unknown>;
  marks?: { type?: unknown; attrs?: Record<string, unknown> }[];
  content?: unknown[];
}

export function AdfDocument({ document }: { document: { content: object[] } }) {
  const words = useWords();
  return <div className="adf">{document.content.map((node, at) => <Fragment key={at}>{show(node as Node, words)}</Fragment>)}</div>;
}

function show(node: Node, words: Words): ReactNode {
  const children = (node.content ?? []).map((child, at) => <Fragment key={at}>{show(child as Node, words)}</Fragment>);
  switch (node.type) {
    case 'paragraph':
      return <p>{children}</p>;
    case 'hardBreak':
      return <br />;
    case 'text':
      return marked(String(node.text ?? ''), node.marks ?? []);
    case 'date':
      return <time className="adf-date">{day(node.attrs?.timestamp, words)}</time>;
    case 'mention':
      return <span className="adf-mention">{String(node.attrs?.text ?? '')}</span>;
    case 'bulletList':
      return <ul>{children}</ul>;
    case 'listItem':
      return <li>{children}</li>;
    default:
      return <>{children}</>;
  }
}

function marked(text: string, marks: NonNullable<Node['marks']>): ReactNode {
  return marks.reduce<ReactNode>((inner, mark) => {
    if (mark.type === 'strong') return <strong>{inner}</strong>;
    if (mark.type === 'em') return <em>{inner}</em>;
    if (mark.type === 'code') return <code>{inner}</code>;
    const href = mark.type === 'link' ? String(mark.attrs?.href ?? '') : '';
    // A preview: the link looks like one and leads nowhere.
    return /^https?:\/\//i.test(href) ? <a className="adf-link" title={href}>{inner}</a> : inner;
  }, text);
}

/** An ADF date is a day, kept as midnight UTC in milliseconds. */
function day(timestamp: unknown, words: Words): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? '' : new Intl.DateTimeFormat(words.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date);
}
