/* From one day to another: two fields for a filter. */
import Textfield from '@atlaskit/textfield';
import { Field } from '../ui/field';
import { useWords } from '../ui/words';

export interface TypedDays {
  fromDay: string;
  toDay: string;
}

interface DayFieldsProps {
  typed: TypedDays;
  /** What is wrong with either, in words. */
  problems: { from?: string | undefined; to?: string | undefined };
  onType: (changes: Partial<TypedDays>) => void;
}

export function DayFields({ typed, problems, onType }: DayFieldsProps) {
  const words = useWords();
  return (
    <>
      <Field label={words.say('audit.from_day')} problem={problems.from}>
        {(ids) => <Textfield {...ids} type="date" isInvalid={problems.from !== undefined} value={typed.fromDay} onChange={(event) => onType({ fromDay: event.currentTarget.value })} />}
      </Field>
      <Field label={words.say('audit.to_day')} problem={problems.to}>
        {(ids) => <Textfield {...ids} type="date" isInvalid={problems.to !== undefined} value={typed.toDay} onChange={(event) => onType({ toDay: event.currentTarget.value })} />}
      </Field>
    </>
  );
}
