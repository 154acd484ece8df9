/* A heading and what stands under it, one framed line each: on pages that agents read over all issues, or over all of a project. */
import { Children, type ReactNode } from 'react';
import './lines.css';

/** `none`: said in place of the lines where there are none. */
export function Lines({ title, none, children }: { title: string; none: string; children: ReactNode }) {
  return (
    <section className="stack" aria-label={title}>
      <h2 className="heading">{title}</h2>
      {Children.count(children) === 0 ? <p className="quiet">{none}</p> : <ul className="lines">{children}</ul>}
    </section>
  );
}
