/*
 * A sentence about how things are, in place: what happened, what it means, and one thing to do. Not a toast; it stays until
 * the state that it tells of is gone.
 */
import InformationIcon from '@atlaskit/icon/core/status-information';
import ErrorIcon from '@atlaskit/icon/core/status-error';
import SuccessIcon from '@atlaskit/icon/core/status-success';
import WarningIcon from '@atlaskit/icon/core/status-warning';
import type { ReactNode } from 'react';
import './message.css';

export type MessageKind = 'information' | 'success' | 'warning' | 'error';

const icons = { information: InformationIcon, success: SuccessIcon, warning: WarningIcon, error: ErrorIcon };

interface MessageProps {
  kind: MessageKind;
  /** Read out at once: for what comes of something that the reader has just done, and for nothing else. */
  alert?: boolean;
  title?: string;
  children?: ReactNode;
  actions?: ReactNode;
}

export function Message({ kind, alert, title, children, actions }: MessageProps) {
  const Icon = icons[kind];
  return (
    <div className={`message message-${kind}`} role={alert ? 'alert' : undefined}>
      <span className="message-icon">
        <Icon label="" color="currentColor" />
      </span>
      <div className="message-body">
        {title && <h3 className="message-title">{title}</h3>}
        {children && <div>{children}</div>}
        {actions && <div className="actions">{actions}</div>}
      </div>
    </div>
  );
}
