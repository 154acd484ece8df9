import TextArea from '@atlaskit/textarea';
import { useState } from 'react';
import { Field } from '../ui/field';

const linesOf = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()).filter((line) => line !== ''))];

interface LinesProps {
  label: string;
  hint: string;
  problem?: string | undefined;
  value: string[];
  onChange: (lines: string[]) => void;
}

/** One entry a line. What is being typed is kept as it is; only the cleaned list leaves. */
export function Lines({ label, hint, problem, value, onChange }: LinesProps) {
  const [typed, setTyped] = useState(value.join('\n'));
  const shown = linesOf(typed).join('\n') === value.join('\n') ? typed : value.join('\n');
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(ids) => (
        <TextArea
          {...ids}
          value={shown}
          minimumRows={3}
          resize="vertical"
          isInvalid={!!problem}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(linesOf(event.target.value));
          }}
        />
      )}
    </Field>
  );
}
