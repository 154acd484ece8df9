/* A list that is on the page as a file: its buttons, how far it is, and what became of it. */
import Button from '@atlaskit/button/new';
import { useEffect, useId } from 'react';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords, type Key, type PluralBase } from '../ui/words';
import { useFileExport, type ExportState, type ListFormat, type FileRequest } from './use-file-export';

/** What is said of the things that are in the file. */
interface Says {
  hint: Key;
  begun: Key;
  progress: Key;
  halted: Key;
  done: PluralBase;
}

interface FileExportProps {
  says: Says;
  formats: readonly ListFormat[];
  request: (format: ListFormat) => FileRequest;
}

export function FileExport({ says, formats, request }: FileExportProps) {
  const words = useWords();
  const title = useId();
  const { state, begin, goOn, stop } = useFileExport();
  const home = useKeepFocus<HTMLElement>();
  const running = state.kind === 'running';
  return (
    <section className="stack" aria-labelledby={title} ref={home} tabIndex={-1}>
      <h3 id={title} className="subheading">
        {words.say('audit.export')}
      </h3>
      <p className="quiet">{words.say(says.hint)}</p>
      <div className="actions">
        {running ? (
          <>
            <Progress says={says} state={state} />
            <Button onClick={stop}>{words.say('common.cancel')}</Button>
          </>
        ) : (
          formats.map((format) => (
            <Button key={format} onClick={() => begin(request(format))}>
              {words.say(`audit.export.${format}`)}
            </Button>
          ))
        )}
      </div>
      <Outcome says={says} state={state} onGoOn={goOn} />
    </section>
  );
}

function Progress({ says, state: { count, total } }: { says: Says; state: Extract<ExportState, { kind: 'running' }> }) {
  const words = useWords();
  const said = total === undefined ? words.say(says.begun) : words.say(says.progress, { count, total });
  return (
    <>
      <progress className="progress" aria-label={words.say(says.begun)} max={total ?? 1} {...(total !== undefined && { value: count })} />
      <span>{said}</span>
    </>
  );
}

function Outcome({ says, state, onGoOn }: { says: Says; state: ExportState; onGoOn: () => void }) {
  const words = useWords();
  const announce = useAnnounce();
  const said = sentence();
  function sentence(): string {
    if (state.kind === 'done') return words.count(says.done, state.count, { file: state.file });
    return state.kind === 'stopped' ? words.say('audit.export.stopped') : '';
  }
  useEffect(() => {
    if (said !== '') announce(said);
  }, [said, announce]);
  if (state.kind === 'halted') {
    const { failure, count, total } = state;
    const far = count > 0 && total !== undefined ? words.say(says.halted, { count, total }) : undefined;
    return <Problem failure={failure} onRetry={onGoOn} text={far && `${words.failure(failure)} ${far}`} />;
  }
  if (said === '') return null;
  return (
    <Message kind={state.kind === 'done' ? 'success' : 'information'}>
      {said} {state.kind === 'done' && state.namesMissing && words.say('audit.export.names_missing')}
    </Message>
  );
}
