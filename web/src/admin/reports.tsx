/* Reports: how many sessions there were in a time, how long customers waited, how long they were helped; by day, agent and project. */
import { useRef, type ReactNode } from 'react';
import { api, type ReportsFilter } from '../api/client';
import type { ReportFigures, ReportsAnswer } from '../api/types';
import { useNewsOf } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { Account } from './audit';
import { DayChart } from './day-chart';
import { FileExport } from './file-export';
import { ReportGroups } from './report-group';
import { lengthWords, type Spread } from './report-words';
import { ReportsFilters, filterOf, nothingTyped } from './reports-filter';
import { useReports, type Reports } from './use-reports';
import './reports.css';

/** `active`: its tab is the one that is seen. Before it is for the first time there is nothing, and nothing is asked for. */
export function ReportsTab({ active }: { active: boolean }) {
  const opened = useRef(false);
  opened.current ||= active;
  return opened.current && <OpenedReports />;
}

function OpenedReports() {
  const words = useWords();
  const reports = useReports(() => filterOf(nothingTyped, words, Date.now()));
  return (
    <section className="stack-wide" aria-labelledby="reports-title">
      <div className="stack">
        <h2 id="reports-title" className="heading">
          {words.say('reports.title')}
        </h2>
        <p className="quiet">{words.say('reports.hint', { zone: words.zoneName() })}</p>
        <ReportsFilters agents={reports.agents} projects={reports.projects} busy={reports.loading} onShow={reports.show} />
      </div>
      <AnswerOrState reports={reports} />
    </section>
  );
}

function AnswerOrState({ reports: { answer, filter, failure, loading, show } }: { reports: Reports }) {
  const words = useWords();
  const none = words.say(filter.agent || filter.project ? 'reports.none_found' : 'reports.none');
  useNewsOf(answer && (answer.total.sessions > 0 ? words.count('reports.shown', answer.total.sessions) : none));
  if (!answer) return failure ? <Problem failure={failure} onRetry={() => show(filter)} retrying={loading} /> : <Loading />;
  if (answer.total.sessions === 0) return <Message kind="information">{none}</Message>;
  return (
    <>
      {answer.namesMissing && <Message kind="warning">{words.say('audit.names_missing', { reason: words.reason({ code: answer.namesMissing }) })}</Message>}
      <Headline total={answer.total} />
      <Charts answer={answer} />
      <Groups answer={answer} />
      <ReportsExport filter={filter} answer={answer} />
    </>
  );
}

function Headline({ total }: { total: ReportFigures }) {
  const words = useWords();
  const { sessions, running, notMade, nobody, came, connected, waiting, duration, ratings } = total;
  const sentences = (...said: (string | false)[]) => said.filter(Boolean).join(' ');
  const spread = (of: Spread) => ({ ninetieth: words.age(of.ninetieth), mean: words.age(of.mean), total: words.age(of.total) });
  return (
    <dl className="figures">
      <Figure
        label={words.say('reports.sessions')}
        value={words.number(sessions)}
        more={sentences(running > 0 && words.count('reports.running', running), notMade > 0 && words.count('reports.not_made', notMade))}
      />
      <Figure label={words.say('reports.came')} value={words.number(came)} more={nobody > 0 && words.count('reports.nobody_joined', nobody)} />
      <Figure label={words.say('reports.connected')} value={words.number(connected)} />
      <Figure
        label={words.say('reports.waiting_median')}
        value={lengthWords(words, waiting?.median)}
        more={waiting ? sentences(words.say('reports.waiting.more', spread(waiting)), words.count('reports.of_sessions', waiting.count)) : words.say('reports.waiting.none')}
      />
      <Figure
        label={words.say('reports.duration_median')}
        value={lengthWords(words, duration?.median)}
        more={duration ? sentences(words.say('reports.duration.more', spread(duration)), words.count('reports.of_sessions', duration.count)) : words.say('reports.duration.none')}
      />
      <Figure
        label={words.say('reports.rating')}
        value={ratings ? words.number(ratings.mean) : words.say('reports.unknown')}
        more={ratings ? words.count('reports.ratings', ratings.count) : words.say('reports.ratings.none')}
      />
    </dl>
  );
}

function Figure({ label, value, more }: { label: string; value: string; more?: ReactNode }) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd className="figure-value">{value}</dd>
      {more && <dd className="quiet">{more}</dd>}
    </div>
  );
}

function Charts({ answer: { days, total } }: { answer: ReportsAnswer }) {
  const words = useWords();
  const names = days.map(({ day }) => day);
  const of = (figure: (figures: ReportFigures) => number | undefined) => days.map(({ figures }) => figure(figures));
  const number = (value: number | undefined) => (value === undefined ? words.say('reports.unknown') : words.number(value));
  const length = (value: number | undefined) => lengthWords(words, value);
  return (
    <>
      <DayChart
        title={words.say('reports.chart.sessions')}
        days={names}
        format={number}
        series={[
          { key: 'sessions', label: words.say('reports.sessions'), values: of(({ sessions }) => sessions) },
          { key: 'came', label: words.say('reports.came'), values: of(({ came }) => came) },
          { key: 'connected', label: words.say('reports.connected'), values: of(({ connected }) => connected) },
          { key: 'nobody', label: words.say('reports.nobody'), values: of(({ nobody }) => nobody), untold: true },
        ]}
      />
      {total.waiting && (
        <DayChart
          title={words.say('reports.chart.waiting')}
          days={names}
          format={length}
          series={[
            { key: 'ninetieth', label: words.say('reports.ninetieth'), values: of(({ waiting }) => waiting?.ninetieth) },
            { key: 'median', label: words.say('reports.median'), values: of(({ waiting }) => waiting?.median) },
            { key: 'mean', label: words.say('reports.mean'), values: of(({ waiting }) => waiting?.mean), untold: true },
          ]}
        />
      )}
      {total.duration && (
        <DayChart
          title={words.say('reports.chart.duration')}
          days={names}
          format={length}
          series={[
            { key: 'ninetieth', label: words.say('reports.ninetieth'), values: of(({ duration }) => duration?.ninetieth) },
            { key: 'median', label: words.say('reports.median'), values: of(({ duration }) => duration?.median) },
            { key: 'mean', label: words.say('reports.mean'), values: of(({ duration }) => duration?.mean), untold: true },
            { key: 'total', label: words.say('reports.total'), values: of(({ duration }) => duration?.total), untold: true },
          ]}
        />
      )}
    </>
  );
}

function Groups({ answer: { agents, agentsLeftOut, projects, projectsLeftOut } }: { answer: ReportsAnswer }) {
  const words = useWords();
  const leftOut = (count: number | undefined) => (count === undefined ? undefined : words.count('reports.left_out', count));
  return (
    <>
      <ReportGroups
        title={words.say('reports.by_agent')}
        what={words.say('reports.agent')}
        groups={agents.map(({ agent, figures }) => ({ key: agent.id, name: <Account account={agent} />, figures }))}
        leftOut={leftOut(agentsLeftOut)}
      />
      <ReportGroups
        title={words.say('reports.by_project')}
        what={words.say('reports.project')}
        groups={projects.map(({ project, figures }) => ({ key: project, name: project, figures }))}
        leftOut={leftOut(projectsLeftOut)}
      />
    </>
  );
}

const kSays = { hint: 'reports.export_hint', begun: 'reports.export.begun', progress: 'reports.export.progress', halted: 'reports.export.halted', done: 'reports.export.done' } as const;

/** The sessions of the figures that are shown, no later ones. */
function ReportsExport({ filter, answer: { from, to } }: { filter: ReportsFilter; answer: ReportsAnswer }) {
  const words = useWords();
  return (
    <FileExport
      says={kSays}
      formats={['csv']}
      request={() => ({ format: 'csv', name: `belay-sessions-${words.dayOf(Date.now())}`, ask: (cursor) => api.exportReports({ ...filter, from, to }, cursor) })}
    />
  );
}
