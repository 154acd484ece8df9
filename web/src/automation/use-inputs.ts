/*
 * The inputs of the action, between the form and the rule: the rule has what was last submitted, so every change is. Its Next button asks
 * once more (Atlassian's page “Action” of the Forge modules, “Maintaining configuration state”).
 */
import { events, view } from '@forge/bridge';
import { useCallback, useEffect, useRef, useState } from 'react';

/** As forge/manifest.yml declares them. What is absent is left to the settings. */
export interface Inputs {
  issueKey: string;
  customer?: string;
  description?: string;
  validityMinutes?: number;
  invitation?: string;
}

interface Extension {
  data?: { inputs?: Partial<Inputs> };
  errors?: { invalidInputs?: Record<string, unknown> };
}

/** The issue that sets the rule off. */
const kThisIssue = '{{issue.key}}';
const kSubmit = 'AUTOMATION_ACTION_SUBMIT';

export interface Form {
  /** Absent until Jira has said what the rule has. */
  inputs: Inputs | undefined;
  /** The rule could not be saved because of these. */
  invalid: ReadonlySet<string>;
  /** Undefined takes an input out. */
  change: (changes: { [name in keyof Inputs]?: Inputs[name] | undefined }) => void;
}

const present = (inputs: object): Partial<Inputs> => Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined && value !== ''));

export function useInputs(): Form {
  const [inputs, setInputs] = useState<Inputs>();
  const [invalid, setInvalid] = useState<ReadonlySet<string>>(new Set());
  const now = useRef<Inputs>();
  now.current = inputs;

  useEffect(() => {
    let mounted = true;
    void view
      .getContext()
      .catch(() => undefined)
      .then((context) => {
        if (!mounted) return;
        const { data, errors } = (context?.extension ?? {}) as Extension;
        setInputs({ issueKey: kThisIssue, ...present(data?.inputs ?? {}) });
        setInvalid(new Set(Object.keys(errors?.invalidInputs ?? {})));
      });
    const listening = events.on(kSubmit, () => void (now.current && view.submit(now.current)));
    return () => {
      mounted = false;
      void listening.then((subscription) => subscription.unsubscribe());
    };
  }, []);

  const change = useCallback<Form['change']>((changes) => {
    if (!now.current) return;
    const next = { ...present({ ...now.current, ...changes }), issueKey: changes.issueKey ?? now.current.issueKey };
    now.current = next;
    setInputs(next);
    setInvalid((old) => new Set([...old].filter((name) => !(name in changes))));
    void view.submit(next);
  }, []);

  return { inputs, invalid, change };
}
