import CheckIcon from '@atlaskit/icon/core/check-mark';
import CrossIcon from '@atlaskit/icon/core/cross';
import Spinner from '@atlaskit/spinner';
import type { Session } from '../api/types';
import { useWords, type Key } from '../ui/words';

type Step = 'none' | 'pending' | 'done' | 'failed';

const marks = {
  none: null,
  pending: <Spinner size="xsmall" label="" />,
  done: <CheckIcon label="" color="currentColor" size="small" />,
  failed: <CrossIcon label="" color="currentColor" size="small" />,
} as const;

/** What the server has done of what was asked: “Session made ✓ · Invitation written ✓”. */
export function Steps({ session }: { session: Session }) {
  const words = useWords();
  const steps: { step: Step; text: Key }[] = [
    { step: session.steps.session, text: `step.session.${session.steps.session}` },
    { step: session.steps.invitation, text: `step.invitation.${session.steps.invitation}` },
  ];
  return (
    <ol className="steps">
      {steps.map(({ step, text }) => (
        <li key={text} className={`step step-${step}`}>
          <span>{words.say(text)}</span>
          <span className="step-mark" aria-hidden="true">
            {marks[step]}
          </span>
        </li>
      ))}
    </ol>
  );
}
