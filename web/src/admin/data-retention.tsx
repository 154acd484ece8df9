/* How long is kept what is over. It is not among what the bar saves: what it takes away is said and asked for first. */
import Button from '@atlaskit/button/new';
import Textfield from '@atlaskit/textfield';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { api, type Failure } from '../api/client';
import type { ErasedCount } from '../api/types';
import { Confirm, useOpener } from '../ui/confirm';
import { Field, Radios, useFirstWrong } from '../ui/field';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { useWords, type Words } from '../ui/words';
import { countWords } from './data-words';
import { valuesOf } from './draft';
import { Erasing } from './erase-progress';
import { useRetention, type Retention } from './use-retention';
import type { Settings } from './use-settings';

const kMostDays = 3650;
const kUsualDays = '365';

interface Wish {
  limited: boolean;
  days: string;
}

const wishOf = (days: number): Wish => ({ limited: days > 0, days: days > 0 ? String(days) : kUsualDays });

/** Nothing: what was typed is no number of days that can be. */
function daysOf({ limited, days }: Wish): number | undefined {
  if (!limited) return 0;
  const typed = days.trim();
  if (!/^\d{1,4}$/.test(typed)) return undefined;
  const number = Number(typed);
  return number >= 1 && number <= kMostDays ? number : undefined;
}

const lengthOf = (words: Words, days: number): string => words.count('duration.days', days);

/** `active`: its tab is the one that is seen. */
export function RetentionPart({ active, settings }: { active: boolean; settings: Settings }) {
  const words = useWords();
  const retention = useRetention(active);
  const home = useKeepFocus<HTMLElement>();
  const { known, failure, loading, look } = retention;
  return (
    <section className="stack" aria-labelledby="retention-title" ref={home} tabIndex={-1}>
      <h2 id="retention-title" className="heading">
        {words.say('data.retention')}
      </h2>
      <p className="quiet">{words.say('data.retention_hint')}</p>
      {failure && <Problem failure={failure} onRetry={() => void look()} retrying={loading} />}
      {!known && !failure && <Loading />}
      {known && <Choice settings={settings} retention={retention} />}
      {known && <State retention={retention} />}
    </section>
  );
}

function Choice({ settings, retention }: { settings: Settings; retention: Retention }) {
  const words = useWords();
  const announce = useAnnounce();
  const saved = settings.saved?.retentionDays ?? 0;
  const [wish, setWish] = useState(() => wishOf(saved));
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [question, setQuestion] = useState<{ days: number; gone: ErasedCount }>();
  const opener = useOpener(question !== undefined);
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const days = daysOf(wish);
  const wrong = tried && days === undefined;

  useEffect(() => setWish(wishOf(saved)), [saved]);

  const type = (changes: Partial<Wish>) => {
    setWish((old) => ({ ...old, ...changes }));
    setFailure(undefined);
    setQuestion(undefined);
  };

  const store = async (wanted: number) => {
    if (!settings.saved) return;
    setBusy(true);
    setFailure(undefined);
    const answer = await api.putSettings({ version: settings.saved.version, ...valuesOf(settings.saved), retentionDays: wanted });
    if (!answer.ok) {
      setBusy(false);
      return setFailure(answer.failure);
    }
    // What is typed elsewhere on the page stays; it is saved over these settings later.
    await settings.reload();
    await retention.look();
    setBusy(false);
    setQuestion(undefined);
    announce(words.say('admin.saved'));
  };

  const ask = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (days === undefined) return point();
    if (days === 0) return store(0);
    setBusy(true);
    setFailure(undefined);
    const answer = await api.getRetention(days);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    if (answer.value.toErase.total === 0) return store(days);
    setQuestion({ days, gone: answer.value.toErase });
  };

  return (
    <form className="stack" ref={form} onSubmit={(event) => void ask(event)} noValidate>
      <Radios
        legend={words.say('data.retention_choice')}
        value={wish.limited ? 'days' : 'keep'}
        choices={(['keep', 'days'] as const).map((value) => ({ value, label: words.say(`data.retention.${value}`) }))}
        onChange={(value) => type({ limited: value === 'days' })}
      />
      {wish.limited && (
        <Field label={words.say('data.retention_days')} hint={words.say('data.retention_days_hint', { least: 1, most: kMostDays })} problem={wrong ? words.say('data.retention_days_wrong', { least: 1, most: kMostDays }) : undefined}>
          {(ids) => (
            <Textfield {...ids} width="small" inputMode="numeric" isInvalid={wrong} value={wish.days} maxLength={8} autoComplete="off" onChange={(event) => type({ days: event.currentTarget.value })} />
          )}
        </Field>
      )}
      {question ? (
        <Confirm
          question={words.say('data.retention_question', { days: lengthOf(words, question.days), what: countWords(words, question.gone) })}
          action={words.say('data.retention_erase')}
          busy={busy}
          onConfirm={() => void store(question.days)}
          onDecline={() => setQuestion(undefined)}
        >
          {failure && <Problem failure={failure} />}
        </Confirm>
      ) : (
        <>
          {failure && <Problem failure={failure} more={failure.code === 'settings_changed' && <LoadTheirs settings={settings} onLoaded={() => setFailure(undefined)} />} />}
          <div className="actions">
            <Button ref={opener} type="submit" isLoading={busy} isDisabled={days === saved || settings.loading}>
              {words.say('data.retention_change')}
            </Button>
          </div>
        </>
      )}
    </form>
  );
}

function LoadTheirs({ settings, onLoaded }: { settings: Settings; onLoaded: () => void }) {
  const words = useWords();
  return (
    <Button spacing="compact" isLoading={settings.loading} onClick={() => void settings.reload().then(onLoaded)}>
      {words.say('admin.load_theirs')}
    </Button>
  );
}

/** What is going on, or went on last. Whoever does not see the bar hears when it is done. */
function State({ retention: { known } }: { retention: Retention }) {
  const words = useWords();
  const announce = useAnnounce();
  const running = known?.running;
  const last = known?.last;
  const said = last && words.say('data.retention_last', { time: words.exact(last.at), what: countWords(words, last.erased) });
  const ran = useRef(false);
  useEffect(() => {
    if (ran.current && !running && said) announce(said);
    ran.current = running !== undefined;
  }, [running, said, announce]);
  if (running) return <Erasing progress={running} />;
  return (
    <>
      {said && <p>{said}</p>}
      {known && <p className="quiet">{known.oldest ? words.say('data.retention_oldest', { time: words.exact(known.oldest) }) : words.say('data.retention_nothing')}</p>}
    </>
  );
}
