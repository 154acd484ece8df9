/* What came of a session, and what the team noted of it. */
import type { Session } from '../api/types';
import { isolated, useWords, type Words } from '../ui/words';

function lengthAndNames(words: Words, { connections, unrecorded, ended, seconds }: NonNullable<Session['report']>, names: string[]): string {
  if (connections === 0) return words.say(unrecorded ? 'session.report.unrecorded' : 'session.report.nobody');
  const time = ended ? words.span(seconds * 1000) : words.say('session.report.length_unknown');
  return names.length === 0 ? time : words.say('session.report', { time, names: words.list(names.map(isolated)) });
}

export function SessionResult({ session: { report, notes, supporter } }: { session: Session }) {
  const words = useWords();
  // A record may lack its user's name; and whoever was erased is named nowhere.
  const names = report?.supporters.length ? report.supporters : supporter.name ? [supporter.name] : [];
  // By the time the provider has records, what was typed here is among their notes.
  const noted = report?.notes ?? notes;
  if (!report && !noted) return null;
  return (
    <div className="session-result">
      {report && (
        <p className="quiet">
          {lengthAndNames(words, report, names)}
          {report.rating !== undefined && <span className="session-rating">{words.say('session.report.rating', { rating: report.rating })}</span>}
        </p>
      )}
      {report?.comment && <p className="quiet few-lines" title={report.comment}>{words.say('session.report.comment', { comment: isolated(report.comment) })}</p>}
      {noted && <p className="session-notes few-lines" title={noted}>{noted}</p>}
    </div>
  );
}
