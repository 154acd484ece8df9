import CheckIcon from '@atlaskit/icon/core/check-mark';
import CrossIcon from '@atlaskit/icon/core/cross';
import Spinner from '@atlaskit/spinner';
import type { Session } from '../api/types';
import { isOver } from '../ui/session-words';
import { useWords, type Key } from '../ui/words';

type Step = 'none' | 'waiting' | 'pending' | 'done' | 'failed';

const marks = {
  none: null,
  waiting: null,
  pending: <Spinner size="small" label="" />,
  done: <CheckIcon label="" color="currentColor" size="small" />,
  failed: <CrossIcon label="" color="currentColor" size="small" />,
} as const;

/** The invitation is begun once there is a session to invite to; without one there is nothing to say of it. */
function invitationOf({ steps: { session, invitation } }: Session): Step | undefined {
  if (invitation !== 'pending' || session === 'done') return invitation;
  return session === 'pending' ? 'waiting' : undefined;
}

/** Of a session that is over nothing is under way, and of one that was never made there is nothing to say but that. */
function stepsOf(session: Session): { step: Step; text: Key }[] {
  const over = isOver(session);
  const { session: made } = session.steps;
  if (over && made !== 'done') return [];
  const invitation = invitationOf(session);
  const steps: { step: Step; text: Key }[] = [{ step: made, text: `step.session.${made}` }];
  if (invitation && !(over && invitation === 'pending')) steps.push({ step: invitation, text: `step.invitation.${invitation}` });
  return steps;
}

/** What the server has done of what was asked: “✓ Session made · ✓ Invitation written”. */
export function Steps({ session }: { session: Session }) {
  const words = useWords();
  const steps = stepsOf(session);
  if (steps.length === 0) return null;
  return (
    <ol className="steps">
      {steps.map(({ step, text }) => (
        <li key={text} className={`step step-${step}`}>
          <span className="step-mark" aria-hidden="true">
            {marks[step]}
          </span>
          <span>{words.say(text)}</span>
        </li>
      ))}
    </ol>
  );
}
