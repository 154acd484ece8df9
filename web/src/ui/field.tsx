/*
 * A label, its control, what the control is for, and what is wrong with it. What is wrong describes the control, so it is read when
 * focus comes there, as it does after a refused form (`useFirstWrong`).
 */
import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import './field.css';

export interface FieldIds {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  problem?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
}

export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': problem ? true : undefined })}
      {hint && <div className="field-hint" id={`${id}-hint`}>{hint}</div>}
      {problem && <div className="field-problem" id={`${id}-problem`}>{problem}</div>}
    </div>
  );
}

/** Brings focus to the first field that is wrong, each time that `point` is called, once the fields are marked. */
export function useFirstWrong<T extends HTMLElement>(): { form: RefObject<T>; point: () => void } {
  const form = useRef<T>(null);
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if (refusals === 0) return;
    const wrong = [...(form.current?.querySelectorAll<HTMLElement>('[aria-invalid="true"]') ?? [])];
    wrong.find((field) => !field.closest('[hidden]'))?.focus();
  }, [refusals]);
  return { form, point: () => setRefusals((count) => count + 1) };
}

export interface Choice<T extends string> {
  value: T;
  label: string;
}

interface SelectProps<T extends string> {
  ids: FieldIds;
  value: T;
  choices: Choice<T>[];
  onChange: (value: T) => void;
}

/** The browser's own list: light, works in a frame of any size, and by keyboard and touch as the reader is used to. */
export function Select<T extends string>({ ids, value, choices, onChange }: SelectProps<T>) {
  return (
    <select {...ids} className="select" value={value} onChange={(event) => onChange(event.target.value as T)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value} dir="auto">
          {choice.label}
        </option>
      ))}
    </select>
  );
}

interface RadiosProps<T extends string> {
  legend: string;
  hint?: string;
  value: T;
  choices: Choice<T>[];
  onChange: (value: T) => void;
}

export function Radios<T extends string>({ legend, hint, value, choices, onChange }: RadiosProps<T>) {
  const name = useId();
  return (
    <fieldset className="radios" aria-describedby={hint && `${name}-hint`}>
      <legend>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="check">
          <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
          <span>{choice.label}</span>
        </label>
      ))}
      {hint && <div className="field-hint" id={`${name}-hint`}>{hint}</div>}
    </fieldset>
  );
}

export function Checkbox({ label, hint, checked, onChange }: { label: string; hint?: string; checked: boolean; onChange: (checked: boolean) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label className="check">
        <input type="checkbox" checked={checked} aria-describedby={hint && `${id}-hint`} onChange={(event) => onChange(event.target.checked)} />
        <span>{label}</span>
      </label>
      {hint && <div className="field-hint check-hint" id={`${id}-hint`}>{hint}</div>}
    </div>
  );
}
