// A desk whose people book is looked into, and as many people as a test wants.
#pragma once

#include "desk/people_book.hpp"
#include "desk/stage_test.hpp"

namespace belay::desk {

constexpr Milliseconds kPatient{10'000};
constexpr Milliseconds kMinute{60'000};
const Error kAway{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
const Error kForbidden{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kRefused{.code = "jira_refused", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kNoToken{.code = "jira_token_missing", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};

struct PeopleDesk : Stage {
  const AccountId ana{"ana"};
  const AccountId ben{"ben"};

  PeopleDesk() {
    add(ana, "ana@example.com");
    add(ben, "");
  }
  void add(const AccountId& who, const std::string& address) {
    users.known[who] = {.id = who, .name = "Name of " + who.value, .picture = {}, .time_zone = {}, .language = {}, .address = address};
  }
  PeopleSeen look(std::vector<AccountId> who, Milliseconds patience = kPatient) { return run(people_book->look(installation, std::move(who), "trace", patience)); }
  PersonSeen one(const AccountId& who) {
    const auto seen = look({who});
    REQUIRE(seen.people.contains(who));
    return seen.people.at(who);
  }
  [[nodiscard]] std::size_t calls() const { return users.people_asked.size(); }
  [[nodiscard]] std::size_t address_calls() const { return users.addresses_asked.size(); }
  void pass(Milliseconds time) { clock.time += time; }
};

/// The first `showing` of them show an address.
inline std::vector<AccountId> crowd(PeopleDesk& desk, std::size_t count, std::size_t showing = SIZE_MAX) {
  std::vector<AccountId> all;
  for (std::size_t n = 0; n < count; ++n) {
    all.push_back(AccountId{"person-" + std::to_string(n)});
    desk.add(all.back(), n < showing ? all.back().value + "@example.com" : "");
  }
  return all;
}

inline Task<void> rung(Bell& gate) { co_await gate.wait(kPatient); }

inline Task<void> look_into(PeopleDesk& desk, std::optional<PeopleSeen>& seen, std::vector<AccountId> who, Milliseconds patience) {
  seen = co_await desk.people_book->look(desk.installation, std::move(who), "trace", patience);
}

}  // namespace belay::desk
