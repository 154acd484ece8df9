/*
 * The admin page (jira:adminPage, and Manage apps > Belay > Configure): set-up first; the other tabs once the site is paired.
 */
import { useEffect, useState } from 'react';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { Tabs, type Tab } from '../ui/tabs';
import { useWords } from '../ui/words';
import { CustomerText } from './customer-text';
import { PeopleTab } from './people-tab';
import { SaveBar } from './save-bar';
import { SessionsTab } from './sessions-tab';
import { SetUp } from './set-up';
import { useSettings } from './use-settings';
import './admin.css';

type TabKey = 'set_up' | 'customer_text' | 'sessions' | 'people';

export function AdminPage() {
  const words = useWords();
  return (
    <LiveRegion>
      <main className="admin">
        <h1 className="visually-hidden">{words.say('admin.title')}</h1>
        <AdminOrState />
      </main>
    </LiveRegion>
  );
}

function AdminOrState() {
  const words = useWords();
  const settings = useSettings();
  const [selected, setSelected] = useState<TabKey>('set_up');
  const { saved, values, failure, saveFailure, change } = settings;

  // A text that was refused has its marks on its own tab.
  useEffect(() => {
    if (saveFailure?.code === 'customer_text_invalid') setSelected('customer_text');
  }, [saveFailure]);

  if (!saved || !values) {
    if (!failure) return <Loading />;
    const startsHere = failure.code === 'not_paired' || failure.code === 'local.no_server';
    return startsHere ? <SetUp failure={failure} onChanged={settings.reload} /> : <Problem failure={failure} onRetry={() => void settings.reload()} />;
  }

  const tabs: Tab<TabKey>[] = [
    { key: 'set_up', label: words.say('admin.tab.set_up'), content: <SetUp saved={saved} onChanged={settings.reload} /> },
    {
      key: 'customer_text',
      label: words.say('admin.tab.customer_text'),
      content: <CustomerText values={values} defaults={saved.defaults.customerText} refused={saveFailure} change={change} />,
    },
    { key: 'sessions', label: words.say('admin.tab.sessions'), content: <SessionsTab values={values} change={change} /> },
    { key: 'people', label: words.say('admin.tab.people'), content: <PeopleTab values={values} change={change} /> },
  ];
  return (
    <>
      <Tabs label={words.say('admin.tabs')} tabs={tabs} selected={selected} onSelect={setSelected} />
      <SaveBar settings={settings} />
    </>
  );
}
