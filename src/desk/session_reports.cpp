#include "desk/session_reports.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/csv.hpp"
#include "base/field_rule.hpp"
#include "desk/cursor.hpp"

namespace belay::desk {
namespace {

using support::Figures;
using support::SessionFacts;

constexpr std::int64_t kDaysUnasked = 30;
// Each page is a unit of work of its own: nobody waits for a year of sessions.
constexpr std::size_t kFactsOnOnePage = 2'000;
// What an answer may list: with all of them it stays below 512 KiB.
constexpr std::size_t kMostGroups = 200;
constexpr std::size_t kMostChoices = 500;
// A piece of the file: see audit_reading.cpp.
constexpr std::size_t kInOnePiece = 2'000;
constexpr std::size_t kPieceBytes = 2 * 1024 * 1024;

std::string in_capitals(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// The time that is asked about, checked.
struct Span {
  std::string zone_name;
  support::Zone zone;
  Time from;
  Time to;
};

Result<Span> span_of(const ReportsQuestion& question, Time now) {
  Span span{.zone_name = question.zone.value_or("UTC"), .zone = {}, .from = {}, .to = question.to.value_or(now)};
  const auto zone = support::Zone::named(span.zone_name);
  if (!zone) return refuse_field("zone", FieldRule::time_zone);
  span.zone = *zone;
  const auto last = span.zone.day_of(span.to - Milliseconds{1});
  span.from = question.from ? *question.from : span.zone.begin_of(last - std::chrono::days{kDaysUnasked - 1});
  if (span.from >= span.to) return refuse_field("to", FieldRule::after_from);
  if (support::Days::count(span.zone, span.from, span.to) > kMostReportDays) return refuse_field("from", FieldRule::max_days, {{"limit", kMostReportDays}});
  return span;
}

ports::SessionFilter filter_of(const Span& span, const ReportsQuestion& question) {
  ports::SessionFilter filter{.from = span.from, .before = span.to};
  if (question.agent) filter.agent = AccountId{*question.agent};
  if (question.project) filter.project = ProjectKey{in_capitals(*question.project)};
  return filter;
}

ports::Place place_of(const SessionFacts& facts) { return {.at = facts.created_at, .id = facts.id.value}; }

// ---- the figures ----

json::object spread_view(const support::Spread& spread) {
  return {{"count", spread.count}, {"mean", spread.mean.count()}, {"median", spread.median.count()}, {"ninetieth", spread.ninetieth.count()}, {"total", spread.total.count()}};
}

json::object figures_view(const Figures& figures) {
  json::object view{{"sessions", figures.sessions}, {"running", figures.running}, {"notMade", figures.not_made},
                    {"nobody", figures.nobody},     {"came", figures.came},       {"connected", figures.connected}};
  if (figures.waiting) view["waiting"] = spread_view(*figures.waiting);
  if (figures.duration) view["duration"] = spread_view(*figures.duration);
  if (figures.ratings) view["ratings"] = json::object{{"count", figures.ratings->count}, {"mean", figures.ratings->mean}};
  return view;
}

std::string day_text(std::chrono::local_days day) { return to_iso8601(Time{day.time_since_epoch()}).substr(0, 10); }

template <class Groups>
void cut(Groups& groups, json::object& view, const char* left_out) {
  if (groups.size() <= kMostGroups) return;
  view[left_out] = groups.size() - kMostGroups;
  groups.resize(kMostGroups);
}

// ---- the file ----

constexpr std::size_t kColumns = 19;
using Line = std::array<std::string, kColumns>;

// Stable: others read the file by these names. What is new comes last.
Line header() {
  return {"createdAt", "day", "session", "code", "issue", "issueKey", "project", "state", "agent", "agentName", "customer", "customerName", "cameAt", "connectedAt", "waitingSeconds",
          "endedAt", "connections", "durationSeconds", "rating"};
}

Line line_of(const ports::SessionLine& line, const support::Zone& zone, const std::map<AccountId, std::string>& names) {
  const auto& facts = line.facts;
  const auto name = [&](const AccountId& account) {
    const auto found = names.find(account);
    return found == names.end() ? std::string() : found->second;
  };
  const auto time = [](const std::optional<Time>& at) { return at ? to_iso8601_millis(*at) : std::string(); };
  const auto number = [](const std::optional<int>& value) { return value ? std::to_string(*value) : std::string(); };
  const auto length = [](const std::optional<std::chrono::seconds>& value) { return value ? std::to_string(value->count()) : std::string(); };
  return {to_iso8601_millis(facts.created_at), day_text(zone.day_of(facts.created_at)), facts.id.value, line.code ? line.code->value : std::string(), line.issue.value,
          facts.issue_key.value, support::project_of(facts.issue_key).value, std::string(support::to_string(facts.state)), facts.agent.value, name(facts.agent),
          line.customer ? line.customer->value : std::string(), line.customer ? name(*line.customer) : line.customer_name, time(facts.came_at), time(facts.connected_at),
          length(facts.waited()), time(line.ended_at), number(facts.connections), length(facts.connected), number(facts.rating)};
}

void say_names_missing(json::object& view, const AccountNames::Seen& seen) {
  if (seen.failure) view["namesMissing"] = seen.failure->code;
}

}  // namespace

Task<Result<json::object>> SessionReports::figures(Caller caller, ReportsQuestion question) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_TRY(span, span_of(question, doors_.clock.now()));
  const support::Days days{span.zone, span.from, span.to};
  auto wanted = filter_of(span, question);
  support::FigureBook book{days, {.agent = std::exchange(wanted.agent, std::nullopt), .project = std::exchange(wanted.project, std::nullopt)}};
  using Page = std::vector<SessionFacts>;
  std::optional<ports::Place> after;
  std::size_t count = 0;
  do {
    BELAY_CO_TRY(page, co_await doors_.storage.read<Page>(
                           [&](ports::UnitOfWork& unit) -> Result<Page> { return unit.sessions().facts(caller.installation(), wanted, after, kFactsOnOnePage); }));
    for (const auto& facts : page) book.add(facts);
    count += page.size();
    if (count > most_sessions_) co_return refuse_field("from", FieldRule::max_sessions, {{"limit", most_sessions_}});
    after = page.size() == kFactsOnOnePage ? std::optional(place_of(page.back())) : std::nullopt;
  } while (after);

  auto reports = std::move(book).close();
  json::object view{{"from", to_iso8601(span.from)}, {"to", to_iso8601(span.to)}, {"zone", span.zone_name}, {"total", figures_view(reports.total)}};
  cut(reports.agents, view, "agentsLeftOut");
  cut(reports.projects, view, "projectsLeftOut");
  reports.all_agents.resize(std::min(reports.all_agents.size(), kMostChoices));
  reports.all_projects.resize(std::min(reports.all_projects.size(), kMostChoices));
  std::set<AccountId> named(reports.all_agents.begin(), reports.all_agents.end());
  for (const auto& [agent, figures] : reports.agents) named.insert(agent);
  const auto seen = co_await names_.look(std::move(caller), std::move(named));

  json::array by_day;
  for (std::size_t i = 0; i < days.size(); ++i) by_day.push_back(json::object{{"day", day_text(days.day(i))}, {"figures", figures_view(reports.days[i])}});
  json::array by_agent;
  for (const auto& [agent, figures] : reports.agents) by_agent.push_back(json::object{{"agent", account_view(agent, seen.names)}, {"figures", figures_view(figures)}});
  json::array by_project;
  for (const auto& [project, figures] : reports.projects) by_project.push_back(json::object{{"project", project.value}, {"figures", figures_view(figures)}});
  json::array agents;
  for (const auto& agent : reports.all_agents) agents.push_back(account_view(agent, seen.names));
  json::array projects;
  for (const auto& project : reports.all_projects) projects.emplace_back(project.value);
  view["days"] = std::move(by_day);
  view["agents"] = std::move(by_agent);
  view["projects"] = std::move(by_project);
  view["choices"] = json::object{{"agents", std::move(agents)}, {"projects", std::move(projects)}};
  say_names_missing(view, seen);
  co_return view;
}

Task<Result<json::object>> SessionReports::file(Caller caller, ReportsQuestion question) {
  BELAY_CO_CHECK(co_await admission_.admin(caller));
  BELAY_CO_TRY(span, span_of(question, doors_.clock.now()));
  const auto filter = filter_of(span, question);
  const bool first = !question.after;
  struct Piece { std::vector<ports::SessionLine> lines; std::optional<std::int64_t> total; };
  BELAY_CO_TRY(piece, co_await doors_.storage.read<Piece>([&](ports::UnitOfWork& unit) -> Result<Piece> {
    Piece read;
    read.lines = unit.sessions().lines(caller.installation(), filter, question.after, kInOnePiece + 1);   // one more tells whether there are more
    if (first) read.total = unit.sessions().count(caller.installation(), filter);
    return read;
  }));
  std::set<AccountId> named;
  for (const auto& line : piece.lines) {
    named.insert(line.facts.agent);
    if (line.customer) named.insert(*line.customer);
  }
  const auto seen = co_await names_.look(std::move(caller), std::move(named));

  std::string text;
  if (first) append_csv_line(text, header());
  std::size_t count = 0;
  for (const auto& line : piece.lines) {
    if (count == kInOnePiece || text.size() >= kPieceBytes) break;
    append_csv_line(text, line_of(line, span.zone, seen.names));
    ++count;
  }
  json::object view{{"text", std::move(text)}, {"count", count}};
  if (count < piece.lines.size()) view["next"] = to_cursor(place_of(piece.lines.at(count - 1).facts));
  if (piece.total) view["total"] = *piece.total;
  say_names_missing(view, seen);
  co_return view;
}

}  // namespace belay::desk
