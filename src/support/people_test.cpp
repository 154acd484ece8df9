#include "support/people.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

namespace belay::support {
namespace {

const AccountId kAna{"ana"};
const AccountId kBen{"ben"};
const AccountId kCleo{"cleo"};
const AccountId kDan{"dan"};
const AccountId kBot{"bot"};

Time at(int minute) { return from_millis(1'800'000'000'000) + Milliseconds{minute * 60'000}; }

Person person(const AccountId& id) {
  Person made;
  made.id = id;
  made.name = "Name of " + id.value;
  made.app = id == kBot;
  return made;
}

std::map<AccountId, Person> everybody() {
  std::map<AccountId, Person> known;
  for (const auto& id : {kAna, kBen, kCleo, kDan, kBot}) known[id] = person(id);
  return known;
}

// "ana:reporter+assignee ben:commenter"
std::string shown(const std::vector<IssuePerson>& people) {
  std::string text;
  for (const auto& one : people) {
    if (!text.empty()) text += ' ';
    text += one.person.id.value + ':';
    for (const auto role : one.roles) text += (text.back() == ':' ? "" : "+") + std::string(to_string(role));
  }
  return text;
}

std::string shown(const NamedPeople& issue) { return shown(people_of(issue, everybody())); }

NamedPeople issue(AccountId reporter, AccountId assignee, std::vector<Spoke> commenters = {}, std::vector<AccountId> participants = {}, bool request = false) {
  return {.reporter = std::move(reporter), .assignee = std::move(assignee), .request = request, .participants = std::move(participants), .commenters = std::move(commenters)};
}

}  // namespace

TEST_CASE("reporter, assignee, then whoever spoke last, then participants who said nothing") {
  CHECK(shown(issue(kAna, kBen, {{kCleo, at(1)}, {kDan, at(2)}})) == "ana:reporter ben:assignee dan:commenter cleo:commenter");
  CHECK(shown(issue(kAna, kBen, {{kCleo, at(3)}}, {kDan}, true)) == "ana:reporter+customer ben:assignee cleo:commenter dan:participant");
}

TEST_CASE("who has spoken does not move the reporter and the assignee from their places") {
  CHECK(shown(issue(kAna, kBen, {{kBen, at(9)}, {kAna, at(8)}, {kCleo, at(1)}})) == "ana:reporter+commenter ben:assignee+commenter cleo:commenter");
}

TEST_CASE("one person in three roles, and in all five, stands once, at the first place, with each role once") {
  CHECK(shown(issue(kAna, kAna, {{kAna, at(1)}})) == "ana:reporter+assignee+commenter");
  CHECK(shown(issue(kAna, kAna, {{kAna, at(1)}}, {kAna, kAna}, true)) == "ana:reporter+customer+assignee+commenter+participant");
  CHECK(accounts_of(issue(kAna, kAna, {{kAna, at(1)}}, {kAna}, true)) == std::vector{kAna});
}

TEST_CASE("the reporter of a request is its customer; elsewhere nobody is") {
  CHECK(shown(issue(kAna, {}, {}, {}, true)) == "ana:reporter+customer");
  CHECK(shown(issue(kAna, {}, {}, {}, false)) == "ana:reporter");
}

TEST_CASE("apps are left out in every role, and so is who is not known any more") {
  CHECK(shown(issue(kBot, kBot, {{kBot, at(5)}, {kAna, at(1)}}, {kBot}, true)) == "ana:commenter");
  CHECK(shown(issue(AccountId{"deleted"}, kBen, {{AccountId{"gone"}, at(5)}})) == "ben:assignee");
}

TEST_CASE("nobody at all is an empty list") {
  CHECK(shown(issue({}, {})).empty());
  CHECK(accounts_of(issue({}, {}, {}, {AccountId{}})).empty());
}

TEST_CASE("two who spoke at the same moment always stand in the same order") {
  const auto one = accounts_of(issue({}, {}, {{kDan, at(1)}, {kCleo, at(1)}}));
  const auto other = accounts_of(issue({}, {}, {{kCleo, at(1)}, {kDan, at(1)}}));
  CHECK(one == other);
}

TEST_CASE("for any issue: everybody who is known and no app, once each, in the order of the rules") {
  CHECK(rc::check([] {
    std::vector<AccountId> pool;
    std::map<AccountId, Person> known;
    for (int i = 0; i < 8; ++i) {
      const AccountId id{"account-" + std::to_string(i)};
      pool.push_back(id);
      auto one = person(id);
      one.app = *rc::gen::weightedElement<bool>({{1, true}, {5, false}});
      if (*rc::gen::weightedElement<bool>({{5, true}, {1, false}})) known[id] = one;
    }
    const auto anybody = rc::gen::elementOf(pool);
    const auto maybe = [&] { return *rc::gen::oneOf(anybody, rc::gen::just(AccountId{})); };
    NamedPeople issue{.reporter = maybe(), .assignee = maybe(), .request = *rc::gen::arbitrary<bool>(), .participants = *rc::gen::container<std::vector<AccountId>>(anybody), .commenters = {}};
    for (const auto& who : *rc::gen::container<std::set<AccountId>>(anybody)) issue.commenters.push_back({who, at(*rc::gen::inRange(0, 5))});

    // The rules once more: a rank for everybody, the smaller the earlier.
    struct Rank { int role; long spoke; std::string tie; auto operator<=>(const Rank&) const = default; };
    const auto rank_of = [&](const AccountId& who) -> Rank {
      if (who == issue.reporter) return {0, 0, {}};
      if (who == issue.assignee) return {1, 0, {}};
      for (const auto& spoke : issue.commenters) {
        if (spoke.account == who) return {2, -static_cast<long>(to_millis(spoke.at)), who.value};
      }
      const auto place = std::ranges::find(issue.participants, who) - issue.participants.begin();
      return {3, place, {}};
    };
    std::vector<AccountId> expected;
    for (const auto& who : pool) {
      const bool named = who == issue.reporter || who == issue.assignee || std::ranges::find(issue.participants, who) != issue.participants.end() ||
                         std::ranges::any_of(issue.commenters, [&](const auto& spoke) { return spoke.account == who; });
      if (named && known.contains(who) && !known[who].app) expected.push_back(who);
    }
    std::ranges::sort(expected, {}, rank_of);

    const auto people = people_of(issue, known);
    std::vector<AccountId> order;
    for (const auto& one : people) {
      order.push_back(one.person.id);
      RC_ASSERT(one.person == known[one.person.id]);
      const auto has = [&](Role role) { return std::ranges::count(one.roles, role); };
      RC_ASSERT(has(Role::reporter) == (one.person.id == issue.reporter));
      RC_ASSERT(has(Role::customer) == (issue.request && one.person.id == issue.reporter));
      RC_ASSERT(has(Role::assignee) == (one.person.id == issue.assignee));
      RC_ASSERT(has(Role::commenter) == std::ranges::count(issue.commenters, one.person.id, &Spoke::account));
      RC_ASSERT(has(Role::participant) == (std::ranges::find(issue.participants, one.person.id) != issue.participants.end()));
    }
    RC_ASSERT(order == expected);
  }));
}

}  // namespace belay::support
