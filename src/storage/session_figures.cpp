// Sessions as reports read them: by when they were asked for, a page at a time, and only the columns that are asked about.
#include <array>
#include <utility>

#include "storage/failure.hpp"
#include "storage/stores.hpp"

namespace belay::storage {
namespace {

#define BELAY_FACTS_COLUMNS \
  "id, created_at, issue_key, supporter_id, state, case when code is null then 0 else 1 end," \
  " first_came_at, first_connected_at, waited, report_connections, report_seconds, report_rating"
constexpr int kFactsColumns = 12;
#define BELAY_LINE_COLUMNS BELAY_FACTS_COLUMNS ", issue_id, code, customer_id, customer_name, ended_at"
constexpr int kLineColumns = kFactsColumns + 5;

// The casts tell PostgreSQL what kind of thing is null.
#define BELAY_FACTS_FROM(leads) \
  " from support_session where installation_id = :installation" leads \
  " and (created_at, id) < (:at, :id) and created_at >= :from" \
  " and (cast(:agent as text) is null or supporter_id = :agent)" \
  " and (cast(:project as text) is null or substr(issue_key, 1, length(cast(:project as text)) + 1) = cast(:project as text) || '-')"
#define BELAY_FACTS_LEADS_AGENT " and supporter_id = :agent"
#define BELAY_FACTS_NEWEST_FIRST " order by created_at desc, id desc limit :most"

// Whose sessions they are leads, where that is asked for: it has an index in the order of reading, as time alone has.
enum class Leading : std::size_t { time, agent };
#define BELAY_FACTS_QUERIES(columns, number, behind) \
  std::array { Query{"select " columns BELAY_FACTS_FROM("") behind, number}, Query{"select " columns BELAY_FACTS_FROM(BELAY_FACTS_LEADS_AGENT) behind, number} }
constexpr std::array kFacts = BELAY_FACTS_QUERIES(BELAY_FACTS_COLUMNS, kFactsColumns, BELAY_FACTS_NEWEST_FIRST);
constexpr std::array kLines = BELAY_FACTS_QUERIES(BELAY_LINE_COLUMNS, kLineColumns, BELAY_FACTS_NEWEST_FIRST);
constexpr std::array kCount = BELAY_FACTS_QUERIES("count(*)", 1, "");

Leading leading(const ports::SessionFilter& filter) { return filter.agent ? Leading::agent : Leading::time; }

support::SessionFacts facts_from(Row& row) {
  support::SessionFacts facts;
  facts.id = row.id<SessionId>();
  facts.created_at = row.time();
  facts.issue_key = row.id<IssueKey>();
  facts.agent = row.id<AccountId>();
  const auto state = support::session_state_from(row.text());
  if (!state) throw Failure{Error{.code = "storage_unavailable", .cause = "support_session holds an unknown state", .detail = {}, .retryable = false, .retry_after = {}}};
  facts.state = *state;
  facts.made = row.flag();
  facts.came_at = row.maybe_time();
  facts.connected_at = row.maybe_time();
  facts.waiting = Milliseconds{row.number()};
  if (const auto connections = row.maybe_number()) facts.connections = static_cast<int>(*connections);
  if (const auto seconds = row.maybe_number()) facts.connected = std::chrono::seconds{*seconds};
  if (const auto rating = row.maybe_number()) facts.rating = static_cast<int>(*rating);
  return facts;
}

ports::SessionLine line_from(Row& row) {
  ports::SessionLine line{.facts = facts_from(row), .issue = {}, .code = {}, .customer = {}, .customer_name = {}, .ended_at = {}};
  line.issue = row.id<IssueId>();
  line.code = row.maybe_id<SessionCode>();
  line.customer = row.maybe_id<AccountId>();
  line.customer_name = row.text();
  line.ended_at = row.maybe_time();
  return line;
}

// The end of the range and the place of the last page are one bound: what is before both.
Statement& with_filter(Statement& statement, const InstallationId& installation, const ports::SessionFilter& filter, const std::optional<ports::Place>& after) {
  const ports::Place end{.at = filter.before, .id = {}};
  const auto& bound = after && after->at < end.at ? *after : end;
  return statement.with("installation", installation)
      .with("at", bound.at)
      .with("id", bound.id)
      .with("from", filter.from)
      .with("agent", filter.agent)
      .with("project", filter.project);
}

}  // namespace

std::vector<support::SessionFacts> SqlSessions::facts(const InstallationId& installation, const ports::SessionFilter& filter, const std::optional<ports::Place>& after,
                                                      std::size_t most) {
  auto& statement = connection_.statement(kFacts.at(std::to_underlying(leading(filter))));
  return with_filter(statement, installation, filter, after).with("most", most).rows(facts_from);
}

std::vector<ports::SessionLine> SqlSessions::lines(const InstallationId& installation, const ports::SessionFilter& filter, const std::optional<ports::Place>& after, std::size_t most) {
  auto& statement = connection_.statement(kLines.at(std::to_underlying(leading(filter))));
  return with_filter(statement, installation, filter, after).with("most", most).rows(line_from);
}

std::int64_t SqlSessions::count(const InstallationId& installation, const ports::SessionFilter& filter) {
  auto& statement = connection_.statement(kCount.at(std::to_underlying(leading(filter))));
  return with_filter(statement, installation, filter, std::nullopt).row([](Row& row) { return row.number(); }).value_or(0);
}

}  // namespace belay::storage
