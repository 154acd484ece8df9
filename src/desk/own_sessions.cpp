#include "desk/own_sessions.hpp"

#include <set>

#include "desk/session_view.hpp"

namespace belay::desk {
namespace {

using Sessions = std::vector<support::SupportSession>;

constexpr std::size_t kMost = 100;

}  // namespace

Task<Result<Sessions>> OwnSessions::up_to_date(Caller caller) {
  const auto read = [&](ports::UnitOfWork& unit) -> Result<Sessions> {
    const auto some = [&](std::size_t most) { return unit.sessions().of_agent(caller.installation(), caller.account, most); };
    auto found = some(kMost + 1);
    // Those that are not over come all, however many: then one more says whether something is left out.
    if (found.size() > kMost && !support::is_over(found.back().state)) found = some(found.size() + 1);
    return found;
  };
  BELAY_CO_TRY(found, co_await doors_.storage.read<Sessions>(read));
  std::set<AccountId> creators;
  for (const auto& session : found) {
    if (support::is_live(session.state)) creators.insert(session.creator);
  }
  if (creators.empty()) co_return found;
  co_await polling_.look_now(caller.installation(), {creators.begin(), creators.end()}, doors_.house.look_patience);
  co_return co_await doors_.storage.read<Sessions>(read);
}

Task<Result<json::object>> OwnSessions::list(Caller caller) {
  if (!support::is_agent_page(caller.call.page) && caller.call.page != support::Page::personal) co_return std::unexpected(refused(support::Refusal::wrong_module));
  BELAY_CO_TRY(found, co_await up_to_date(caller));
  const bool cut = found.size() > kMost && support::is_over(found.back().state);
  if (cut) found.pop_back();
  std::vector<IssueId> issues;
  for (const auto& session : found) issues.push_back(session.issue);
  const auto seen = co_await admission_.in_sight(caller, std::move(issues), kPatience);
  if (seen.failure && seen.failure->code == "signed_out") co_return std::unexpected(*seen.failure);
  json::array shown;
  // Looked at from no issue in particular, nothing can be done: what may be done there, the issue's panel asks.
  for (const auto& session : found) {
    auto view = session_view(session, Viewer{.account = caller.account}, std::nullopt, doors_.words);
    const auto known = seen.issues.find(session.issue);
    if (known == seen.issues.end() || !known->second) {
      shown.push_back(without_issue(std::move(view), known == seen.issues.end() ? IssueHidden::unknown : IssueHidden::out_of_sight));
      continue;
    }
    // It may have been moved to another project since.
    if (const auto& key = known->second->key; !key.empty() && view.contains("issueKey")) view["issueKey"] = key.value;
    shown.push_back(std::move(view));
  }
  json::array missing;
  if (seen.failure) missing.push_back(json::object{{"what", "issues"}, {"why", seen.failure->code}});
  json::object answer{{"now", to_iso8601(doors_.clock.now())}, {"sessions", std::move(shown)}, {"missing", std::move(missing)}};
  if (cut) answer["cut"] = true;
  co_return answer;
}

}  // namespace belay::desk
