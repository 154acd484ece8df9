/*
 * The page in a project's settings (jira:projectSettingsPage): whether there is remote support in the project, whom it lets act beyond
 * what the site says, and what its customers read.
 */
import { useEffect, useMemo } from 'react';
import { api } from '../api/client';
import type { ProjectSettingsAnswer } from '../api/types';
import { unknownGroups } from '../settings/draft';
import { Lines } from '../settings/lines';
import { SaveBar } from '../settings/save-bar';
import { useDraft, type Draft, type Source } from '../settings/use-draft';
import { Checkbox, useFirstWrong } from '../ui/field';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords, type Words } from '../ui/words';
import { changedFields, valuesOf, type ChangedField, type Values } from './draft';
import { ProjectText } from './project-text';
import { useProject } from './use-project';
import '../settings/settings.css';

export function ProjectPage() {
  const words = useWords();
  const home = useKeepFocus<HTMLElement>();
  const project = useProject();
  return (
    <LiveRegion>
      <main className="settings-page" ref={home} tabIndex={-1}>
        <h1 className="visually-hidden">{words.say('project.title')}</h1>
        {project === 'asking' && <Loading />}
        {project === 'unknown' && <Message kind="warning">{words.say('project.nowhere')}</Message>}
        {typeof project === 'object' && <SettingsOrState project={project.key} />}
      </main>
    </LiveRegion>
  );
}

function SettingsOrState({ project }: { project: string }) {
  const source = useMemo<Source<ProjectSettingsAnswer, Values>>(
    () => ({
      load: () => api.getProjectSettings(project),
      store: (version, values) => api.putProjectSettings(project, { version, ...values }),
      valuesOf,
    }),
    [project],
  );
  const draft = useDraft(source);
  if (draft.saved && draft.values) return <Settings draft={draft} saved={draft.saved} values={draft.values} />;
  return draft.failure ? <Problem failure={draft.failure} onRetry={() => void draft.reload()} retrying={draft.loading} /> : <Loading />;
}

function nameOf(changed: ChangedField, words: Words): string {
  if (changed.field === 'customer_text') return words.say('admin.field.customer_text', { language: words.say(`language.within.${changed.language}`) });
  return changed.field === 'enabled' ? words.say('project.field.enabled') : words.say('admin.field.allowed_groups');
}

interface SettingsProps {
  draft: Draft<ProjectSettingsAnswer, Values>;
  saved: ProjectSettingsAnswer;
  values: Values;
}

function Settings({ draft, saved, values }: SettingsProps) {
  const words = useWords();
  const { form, point } = useFirstWrong<HTMLDivElement>();
  const { saveFailure: refused, change } = draft;
  const unknown = unknownGroups(refused).filter((name) => values.allowedGroups.includes(name));
  const ofSite = saved.site.allowedGroups;

  useEffect(() => {
    if (unknownGroups(refused).length > 0) point();
  }, [refused]);

  return (
    <div ref={form} className="stack-wide">
      <div className="stack-wide narrow">
        <Checkbox label={words.say('project.enabled')} hint={words.say('project.enabled_hint')} checked={values.enabled} onChange={(enabled) => change({ enabled })} />
        {ofSite.length > 0 && <Message kind="information">{words.say('project.groups_of_site', { names: words.quoted(ofSite) })}</Message>}
        <Lines
          label={words.say('people.allowed_groups')}
          hint={words.say('project.groups_hint')}
          problem={unknown.length > 0 ? words.count('people.allowed_groups_unknown', unknown.length, { names: words.quoted(unknown) }) : undefined}
          value={values.allowedGroups}
          onChange={(allowedGroups) => change({ allowedGroups })}
        />
      </div>
      <ProjectText values={values} site={saved.site} refused={refused} change={change} onSound={draft.textIsSound} />
      <SaveBar settings={draft} changed={changedFields(valuesOf(saved), values).map((entry) => nameOf(entry, words))} />
    </div>
  );
}
