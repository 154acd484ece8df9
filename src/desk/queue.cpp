#include "desk/queue.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "desk/help_asks.hpp"
#include "desk/installation_settings.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

// Of the whole site, whatever the project: which project an issue is in only Jira says. Those who wait come first.
constexpr std::size_t kMostSessions = 300;
constexpr std::size_t kMostAsks = 300;
constexpr std::size_t kMostShown = 100;

// Of one issue.
struct Request {
  std::optional<ports::HelpAsk> ask;
  std::vector<SupportSession> sessions;   // not over, the most urgent first
};

using Requests = std::map<IssueId, Request>;

struct Waiting {
  Time since;
  std::string_view why;
  std::string customer;
  std::string supporter;                  // empty: nobody yet
};

// Who came into a session waits in it, whatever they asked for before.
std::optional<Waiting> waiting_in(const Request& request) {
  for (const auto& session : request.sessions) {
    if (session.state != SessionState::customer_present) continue;
    return Waiting{.since = session.customer_since.value_or(session.created_at), .why = "joined", .customer = session.customer.name, .supporter = session.supporter_name};
  }
  if (!request.ask) return std::nullopt;
  return Waiting{.since = request.ask->asked_at, .why = "asked", .customer = request.ask->customer_name, .supporter = {}};
}

json::object view_of(const Request& request, const ports::Headline& headline) {
  json::object view{{"issue", json::object{{"id", headline.id.value}, {"key", headline.key.value}, {"summary", headline.summary}}}, {"sessions", request.sessions.size()}};
  if (const auto waiting = waiting_in(request)) {
    json::object who{{"since", to_iso8601(waiting->since)}, {"why", waiting->why}, {"customer", waiting->customer}};
    if (!waiting->supporter.empty()) who["supporter"] = waiting->supporter;
    view["waiting"] = std::move(who);
  }
  std::optional<Time> last_end;
  for (const auto& session : request.sessions) {
    if (session.state == SessionState::in_progress && !view.contains("inProgress")) view["inProgress"] = session.supporter_name;
    if (!last_end || *last_end < session.valid_until) last_end = session.valid_until;
  }
  if (last_end) view["validUntil"] = to_iso8601(*last_end);
  return view;
}

// Who waits first, the longest first; then the newest session.
std::tuple<bool, Time::duration, std::string> place_of(const Request& request, const ports::Headline& headline) {
  const auto waiting = waiting_in(request);
  const auto newest = request.sessions.empty() ? Time{} : std::ranges::max_element(request.sessions, {}, &SupportSession::created_at)->created_at;
  return {!waiting, waiting ? waiting->since.time_since_epoch() : -newest.time_since_epoch(), headline.id.value};
}

// Nothing: not for the caller to see, or of another project.
const ports::Headline* headline_in(const InSight& seen, const IssueId& issue, const ProjectId& project) {
  const auto found = seen.issues.find(issue);
  return found != seen.issues.end() && found->second && found->second->project == project ? &*found->second : nullptr;
}

// In whose accounts the live sessions of the project are.
std::vector<AccountId> creators_in(const Requests& requests, const InSight& seen, const ProjectId& project) {
  std::set<AccountId> creators;
  for (const auto& [issue, request] : requests) {
    if (headline_in(seen, issue, project) == nullptr) continue;
    for (const auto& session : request.sessions) {
      if (support::is_live(session.state)) creators.insert(session.creator);
    }
  }
  return {creators.begin(), creators.end()};
}

}  // namespace

struct Queue::Known {
  Requests requests;
  bool off = false;                       // switched off in the project
  bool cut = false;
};

Task<Result<Queue::Known>> Queue::know(Caller caller) {
  const auto now = doors_.clock.now();
  co_return co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    Known known;
    const auto& installation = caller.installation();
    known.off = !project_settings_of(unit, installation, *caller.call.project).settings.enabled;
    auto sessions = unit.sessions().most_urgent(installation, kMostSessions);
    known.cut = sessions.size() == kMostSessions;
    for (auto& session : sessions) {
      known.requests[session.issue].sessions.push_back(std::move(session));
    }
    // Switched off, nobody is told of who asked: they could not be helped.
    if (known.off || !settings_of(unit, installation, doors_.words).settings.customers_may_ask) return known;
    auto asks = unit.asks().waiting(installation, now - kAskLife, kMostAsks);
    known.cut = known.cut || asks.size() == kMostAsks;
    for (auto& ask : asks) known.requests[ask.issue].ask = std::move(ask);
    return known;
  });
}

Task<Result<json::object>> Queue::list(Caller caller) {
  BELAY_CO_TRY(rules, co_await doors_.storage.read<AdmissionRules>([&](ports::UnitOfWork& unit) -> Result<AdmissionRules> {
    return admission_rules(unit, caller, settings_of(unit, caller.installation(), doors_.words).settings);
  }));
  BELAY_CO_TRY(project, co_await admission_.queue_agent(caller, std::move(rules)));
  BELAY_CO_TRY(known, co_await know(caller));
  std::vector<IssueId> issues;
  for (const auto& [issue, request] : known.requests) issues.push_back(issue);
  const auto seen = co_await admission_.in_sight(caller, std::move(issues), kPatience);
  const auto creators = creators_in(known.requests, seen, project);
  if (!creators.empty()) {
    co_await polling_.look_now(caller.installation(), creators, doors_.house.look_patience);
    BELAY_CO_TRY(newer, co_await know(caller));
    known = std::move(newer);
  }

  std::vector<std::pair<const Request*, const ports::Headline*>> shown;
  for (const auto& [issue, request] : known.requests) {
    if (const auto* headline = headline_in(seen, issue, project)) shown.emplace_back(&request, headline);
  }
  std::ranges::sort(shown, {}, [](const auto& one) { return place_of(*one.first, *one.second); });
  const bool cut = known.cut || shown.size() > kMostShown;
  if (shown.size() > kMostShown) shown.resize(kMostShown);

  json::array requests;
  json::array missing;
  std::optional<Error> failure;
  for (const auto& [request, headline] : shown) {
    requests.push_back(view_of(*request, *headline));
    for (const auto& session : request->sessions) {
      if (!failure && support::is_live(session.state)) failure = polling_.failure_of(caller.installation(), session.creator);
    }
  }
  if (failure) missing.push_back(json::object{{"what", "session_state"}, {"why", failure->code}});
  if (seen.failure) missing.push_back(json::object{{"what", "issues"}, {"why", seen.failure->code}});
  json::object answer{{"now", to_iso8601(doors_.clock.now())}, {"requests", std::move(requests)}, {"missing", std::move(missing)}};
  if (cut) answer["cut"] = true;
  if (known.off) answer["projectOff"] = true;
  co_return answer;
}

}  // namespace belay::desk
