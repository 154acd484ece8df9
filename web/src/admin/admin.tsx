/*
 * The admin page (jira:adminPage, and Manage apps > Belay > Configure): set-up first; the other tabs once the site is paired.
 */
import { useEffect, useState } from 'react';
import { useFirstWrong } from '../ui/field';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion } from '../ui/live';
import { Tabs, type Tab } from '../ui/tabs';
import { useWords, type Words } from '../ui/words';
import { unknownGroups } from '../settings/draft';
import { SaveBar } from '../settings/save-bar';
import { AuditTab } from './audit';
import { CustomerText } from './customer-text';
import { DataTab } from './data';
import { changedFields, lacksLicenceTypes, valuesOf, type ChangedField } from './draft';
import { PeopleTab } from './people-tab';
import { ReportsTab } from './reports';
import { SessionsTab } from './sessions-tab';
import { SetUp } from './set-up';
import { useServerAddress } from './use-server-address';
import { useSettings } from './use-settings';
import '../settings/settings.css';
import './admin.css';

type TabKey = 'set_up' | 'customer_text' | 'sessions' | 'people' | 'data' | 'audit' | 'reports';

export function AdminPage() {
  const words = useWords();
  const home = useKeepFocus<HTMLElement>();
  return (
    <LiveRegion>
      <main className="settings-page" ref={home} tabIndex={-1}>
        <h1 className="visually-hidden">{words.say('admin.title')}</h1>
        <AdminOrState />
      </main>
    </LiveRegion>
  );
}

function nameOf(changed: ChangedField, words: Words): string {
  if (changed.field === 'customer_text') return words.say('admin.field.customer_text', { language: words.say(`language.within.${changed.language}`) });
  return words.say(`admin.field.${changed.field}`, { provider: words.say('provider.teamviewer') });
}

function AdminOrState() {
  const words = useWords();
  const server = useServerAddress();
  const settings = useSettings();
  const { form, point } = useFirstWrong<HTMLDivElement>();
  const [selected, setSelected] = useState<TabKey>('set_up');
  const { saved, values, saveFailure, change, textIsSound } = settings;

  const pointOnPeople = () => {
    setSelected('people');
    point();
  };

  // What was refused has its marks on its own tab.
  useEffect(() => {
    if (saveFailure?.code === 'customer_text_invalid') setSelected('customer_text');
    if (unknownGroups(saveFailure).length > 0) pointOnPeople();
  }, [saveFailure]);

  const tabs: Tab<TabKey>[] = [{ key: 'set_up', label: words.say('admin.tab.set_up'), content: <SetUp server={server} settings={settings} /> }];
  if (saved && values) {
    tabs.push(
      {
        key: 'customer_text',
        label: words.say('admin.tab.customer_text'),
        content: <CustomerText values={values} defaults={saved.defaults.customerText} refused={saveFailure} change={change} onSound={textIsSound} />,
      },
      { key: 'sessions', label: words.say('admin.tab.sessions'), content: <SessionsTab values={values} standardGroup={saved.defaults.teamviewerGroup} change={change} /> },
      { key: 'people', label: words.say('admin.tab.people'), content: <PeopleTab values={values} refused={saveFailure} change={change} /> },
      { key: 'data', label: words.say('admin.tab.data'), content: <DataTab active={selected === 'data'} settings={settings} /> },
      { key: 'audit', label: words.say('admin.tab.audit'), content: <AuditTab active={selected === 'audit'} /> },
      { key: 'reports', label: words.say('admin.tab.reports'), content: <ReportsTab active={selected === 'reports'} /> },
    );
  }
  return (
    <div ref={form}>
      <Tabs
        label={words.say('admin.tabs')}
        tabs={tabs}
        selected={saved ? selected : 'set_up'}
        onSelect={(key) => {
          setSelected(key);
          settings.forget();
        }}
      />
      {saved && values && (
        <SaveBar
          settings={settings}
          changed={changedFields(valuesOf(saved), values).map((entry) => nameOf(entry, words))}
          lacking={
            lacksLicenceTypes(values)
              ? words.say('admin.licence_types_missing', { choice: words.say('people.licences.listed'), other: words.say('people.licences.any_paid') })
              : undefined
          }
          onIncomplete={pointOnPeople}
        />
      )}
    </div>
  );
}
