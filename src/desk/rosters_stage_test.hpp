// An issue whose comments are read: who wrote them, one a minute, and the worker's steps that go back through them.
#pragma once

#include "desk/rosters.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {

const Error kAway{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
const Error kGone{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kForbidden{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};

struct RosterDesk : Stage {
  const IssueId issue{"10001"};

  // One comment each minute, the newest now; `by` says whose the n-th newest is.
  void comments(std::size_t count, const std::function<std::string(std::size_t)>& by) {
    tickets.authors.clear();
    for (std::size_t n = 0; n < count; ++n) tickets.authors.push_back(comment(by(n), clock.now() - Milliseconds{static_cast<std::int64_t>(n) * 60'000}));
  }
  void one_more(const std::string& by, const std::string& restricted_to = {}) { tickets.authors.insert(tickets.authors.begin(), comment(by, clock.now(), restricted_to)); }
  ports::CommentPage::Author comment(const std::string& by, Time at, const std::string& restricted_to = {}) {
    return {.person = person(by), .at = at, .restricted_to = restricted_to, .comment = CommentId{std::to_string(++comments_made)}};
  }
  int comments_made = 0;
  static support::Person person(const std::string& id) {
    support::Person made;
    made.id = AccountId{id};
    made.name = "Name of " + id;
    made.app = id.starts_with("bot");
    return made;
  }

  std::optional<ports::Roster> stored() {
    std::optional<ports::Roster> found;
    write([&](ports::UnitOfWork& unit) { found = unit.rosters().find(installation, issue); });
    return found;
  }
  Result<RosterNow> look_only() {
    return run(rosters->look(ports::Call{.installation = installation, .trace_id = {}, .deadline = kPatience, .api_base_url = {}}, agent, issue, stored()));
  }
  /// As a panel does it whose viewer is let in.
  Result<RosterNow> look() {
    auto now = look_only();
    if (now) REQUIRE(run(rosters->keep(installation, issue, *now)));
    return now;
  }
  StepResult step(int attempts = 0) { return run(rosters->read(row("roster.read", issue.value, attempts))); }
  [[nodiscard]] std::size_t pages() const { return tickets.pages_asked.size(); }
  /// A comment of which the event does not say when it was written was written now.
  void hear(json::object payload) {
    if (auto* comment = payload.if_contains("comment"); comment != nullptr && comment->is_object() && !comment->get_object().contains("created")) comment->get_object()["created"] = to_iso8601(clock.now());
    hear_as_is(std::move(payload));
  }
  void hear_as_is(json::object payload) { REQUIRE(run(events->hear(caller(agent).call, ForgeEvent::product, std::move(payload)))); }
};

inline std::string each_their_own(std::size_t n) { return "person-" + std::to_string(n); }

inline json::object commented(const std::string& by) {
  return {{"eventType", "avi:jira:commented:issue"}, {"issue", json::object{{"id", "10001"}}}, {"comment", json::object{{"author", json::object{{"accountId", by}}}}}};
}

inline bool has(const std::vector<support::Spoke>& authors, const std::string& who) { return std::ranges::find(authors, AccountId{who}, &support::Spoke::account) != authors.end(); }
inline bool has(const std::vector<ports::RosterAuthor>& authors, const std::string& who) {
  return std::ranges::any_of(authors, [&](const auto& author) { return author.spoke.account.value == who; });
}

}  // namespace belay::desk
