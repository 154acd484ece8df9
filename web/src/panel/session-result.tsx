/* What came of a session, and what the team noted of it. */
import type { Session } from '../api/types';
import { isolated, useWords } from '../ui/words';

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
          {report.connections === 0
            ? words.say('session.report.nobody')
            : names.length === 0
              ? words.span(report.seconds * 1000)
              : words.say('session.report', { time: words.span(report.seconds * 1000), names: words.list(names.map(isolated)) })}
          {report.rating !== undefined && <span className="session-rating">{words.say('session.report.rating', { rating: report.rating })}</span>}
        </p>
      )}
      {report?.comment && <p className="quiet few-lines" title={report.comment}>{words.say('session.report.comment', { comment: isolated(report.comment) })}</p>}
      {noted && <p className="session-notes few-lines" title={noted}>{noted}</p>}
    </div>
  );
}
