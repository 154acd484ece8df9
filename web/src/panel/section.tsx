// One part of the panel: a heading, perhaps actions beside it, and what belongs to it.
import type { ReactNode } from 'react';

export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="section" aria-label={title}>
      <div className="section-head">
        <h2 className="subheading">{title}</h2>
        {action && <div className="section-actions">{action}</div>}
      </div>
      {children}
    </section>
  );
}
