/*
 * The admin page (jira:adminPage, and Manage apps > Belay > Configure): set-up first; the other tabs once the site is paired.
 */
import { useEffect, useState } from 'react';
import { useFirstWrong } from '../ui/field';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion } from '../ui/live';
import { Tabs, type Tab } from '../ui/tabs';
import { useWords } from '../ui/words';
import { CustomerText } from './customer-text';
import { unknownGroups } from './draft';
import { PeopleTab } from './people-tab';
import { SaveBar } from './save-bar';
import { SessionsTab } from './sessions-tab';
import { SetUp } from './set-up';
import { useServerAddress } from './use-server-address';
import { useSettings } from './use-settings';
import './admin.css';

type TabKey = 'set_up' | 'customer_text' | 'sessions' | 'people';

export function AdminPage() {
  const words = useWords();
  const home = useKeepFocus<HTMLElement>();
  return (
    <LiveRegion>
      <main className="admin" ref={home} tabIndex={-1}>
        <h1 className="visually-hidden">{words.say('admin.title')}</h1>
        <AdminOrState />
      </main>
    </LiveRegion>
  );
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
      {saved && <SaveBar settings={settings} onIncomplete={pointOnPeople} />}
    </div>
  );
}
