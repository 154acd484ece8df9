#include "desk/own_request.hpp"

#include <algorithm>
#include <chrono>
#include <functional>

#include "desk/help_asks.hpp"
#include "desk/installation_settings.hpp"

namespace belay::desk {
namespace {

using support::SessionState;
using support::SupportSession;

// A request may live for years: what ended is told for as long as somebody may still look for it.
constexpr std::chrono::days kToldFor{7};
constexpr std::size_t kMostOver = 5;
// Nobody joins so many at once, and an answer has an end.
constexpr std::size_t kMostOpen = 20;

// Another took its place before its customer ever came to it: of the two they are shown the one to join, and no trace of the other.
bool gave_way(const SupportSession& session, const std::vector<SupportSession>& all) {
  if (!session.replaced_by || session.first_came_at) return false;
  if (support::is_over(session.state)) return true;
  return std::ranges::any_of(all, [&](const SupportSession& other) { return other.id == *session.replaced_by && support::is_live(other.state); });
}

// What was written back afterwards is the team's matter, and nothing expired for somebody who had come.
SessionState state_for_customer(const SupportSession& session) {
  if (session.state == SessionState::failed || !support::is_over(session.state)) return session.state;
  const bool ran_out = session.state == SessionState::expired || (session.state == SessionState::reported && session.ended_at && *session.ended_at >= session.valid_until);
  return ran_out && !session.first_came_at ? SessionState::expired : SessionState::closed;
}

json::object view_of(const SupportSession& session, Time now, bool off) {
  json::object view{{"id", session.id.value},
                    {"state", support::to_string(state_for_customer(session))},
                    {"supporter", json::object{{"name", session.supporter_name}}},
                    {"createdAt", to_iso8601(session.created_at)},
                    {"validUntil", to_iso8601(session.valid_until)}};
  if (session.ended_at) view["endedAt"] = to_iso8601(*session.ended_at);
  if (!session.made) return view;
  view["madeAt"] = to_iso8601(session.made->created_at);
  if (!support::is_live(session.state)) return view;
  view["code"] = session.made->code.value;
  // Where remote support is switched off no agent can come: nobody is sent to wait for one.
  if (now < session.valid_until && !off) view["customerLink"] = session.made->customer_link;
  return view;
}

}  // namespace

struct OwnRequest::Known {
  std::vector<SupportSession> open;       // not over, newest first
  std::vector<SupportSession> over;       // newest first, those of the last days
  std::vector<AccountId> creators;        // in whose accounts the live ones are
  bool off = false;                       // switched off in the project
  Asking asking;
};

Task<Result<OwnRequest::Known>> OwnRequest::know(Caller caller, ports::Request request) {
  const auto now = doors_.clock.now();
  co_return co_await doors_.storage.read<Known>([&](ports::UnitOfWork& unit) -> Result<Known> {
    Known known;
    known.off = !project_settings_of(unit, caller.installation(), request.project_id).settings.enabled;
    known.asking = asking_of(doors_, unit, caller, request);
    auto all = unit.sessions().of_issue(caller.installation(), request.id);
    // By the account alone: a name that somebody typed in may be anybody's.
    std::erase_if(all, [&](const SupportSession& session) { return session.customer.account != caller.account; });
    for (const auto& session : all) {
      if (gave_way(session, all)) continue;
      if (support::is_live(session.state) && std::ranges::find(known.creators, session.creator) == known.creators.end()) known.creators.push_back(session.creator);
      if (!support::is_over(session.state)) known.open.push_back(session);
      else if (session.ended_at && now - *session.ended_at < kToldFor) known.over.push_back(session);
    }
    std::ranges::sort(known.over, std::greater{}, [](const SupportSession& session) { return std::pair(*session.ended_at, session.created_at); });
    return known;
  });
}

Task<Result<OwnRequest::Known>> OwnRequest::up_to_date(Caller caller, ports::Request request) {
  BELAY_CO_TRY(known, co_await know(caller, request));
  if (known.creators.empty()) co_return std::move(known);
  co_await polling_.look_now(caller.installation(), known.creators, doors_.house.look_patience);
  co_return co_await know(std::move(caller), std::move(request));
}

std::optional<Error> OwnRequest::poll_failure(const InstallationId& installation, const std::vector<AccountId>& creators) const {
  for (const auto& creator : creators) {
    if (auto failure = polling_.failure_of(installation, creator)) return failure;
  }
  return std::nullopt;
}

Task<Result<json::object>> OwnRequest::show(Caller caller) {
  BELAY_CO_TRY(request, co_await admission_.request(caller));
  BELAY_CO_TRY(known, co_await up_to_date(caller, request));
  const auto now = doors_.clock.now();
  json::array sessions;
  for (std::size_t i = 0; i < std::min(known.open.size(), kMostOpen); ++i) sessions.push_back(view_of(known.open[i], now, known.off));
  for (std::size_t i = 0; i < std::min(known.over.size(), kMostOver); ++i) sessions.push_back(view_of(known.over[i], now, known.off));
  json::array missing;
  if (const auto failure = poll_failure(caller.installation(), known.creators)) missing.push_back(json::object{{"what", "session_state"}, {"why", failure->code}});
  json::object answer{{"now", to_iso8601(now)}, {"sessions", std::move(sessions)}, {"asking", asking_view(known.asking, caller.account)}, {"missing", std::move(missing)}};
  if (known.off) answer["projectOff"] = true;
  if (known.open.size() > kMostOpen || known.over.size() > kMostOver) answer["cut"] = true;
  co_return answer;
}

}  // namespace belay::desk
