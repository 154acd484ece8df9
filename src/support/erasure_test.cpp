#include "support/erasure.hpp"

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::support;

namespace {

const AccountId kRobin{"robin"};
const AccountId kKim{"kim"};
const AccountId kAda{"ada"};
const AccountId kNobody{std::string(kErasedAccount)};

// Created by Robin, taken over by Kim, for Ada, with all that can be said of it.
SupportSession session() {
  SupportSession made;
  made.id = SessionId{"s1"};
  made.creator = kRobin;
  made.creator_name = "Robin Hale";
  made.supporter = kKim;
  made.supporter_name = "Kim Admin";
  made.customer = {.account = kAda, .name = "Ada Moreau", .email = {}};
  made.joined_by = {{.account = AccountId{"lee"}, .name = "Lee"}};
  made.presses = {{.supporter = {.account = kRobin, .name = "Robin Hale"}, .waiting = true, .first = false, .at = {}}};
  made.description = "Ada cannot print";
  made.notes = "Ada is patient";
  made.notes_at_provider = "Ada is patient";
  made.report = SessionReport{.connections = 2, .connected = std::chrono::seconds{90}, .began = {}, .ended = {}, .supporters = {"Robin H."}, .notes = "Ada", .rating = 4, .customer_comment = "Fine"};
  made.state = SessionState::closed;
  return made;
}

}  // namespace

TEST_CASE("a customer who is taken out leaves no word about them; times, figures and the agents stay") {
  auto left = session();
  take_out(left, kAda);
  CHECK_FALSE(names(left, kAda));
  CHECK(left.customer.nobody());
  CHECK(left.description.empty());
  CHECK(left.notes.empty());
  CHECK(left.notes_at_provider.empty());
  CHECK(left.report->notes.empty());
  CHECK(left.report->customer_comment.empty());
  CHECK(left.report->rating == 4);
  CHECK(left.report->connections == 2);
  CHECK(left.creator == kRobin);
  CHECK(left.supporter_name == "Kim Admin");
}

TEST_CASE("an agent who is taken out leaves the customer's texts; the one who took over keeps the session") {
  auto left = session();
  take_out(left, kRobin);
  CHECK_FALSE(names(left, kRobin));
  CHECK(left.creator == kNobody);
  CHECK(left.creator_name.empty());
  CHECK(left.supporter == kKim);
  CHECK(left.presses.empty());
  CHECK(left.report->supporters.empty());
  CHECK(left.description == "Ada cannot print");
}

TEST_CASE("who had taken a session over gives it back to whoever created it, or to nobody") {
  auto left = session();
  take_out(left, kKim);
  CHECK(left.supporter == kRobin);
  CHECK(left.supporter_name == "Robin Hale");
  take_out(left, kRobin);
  CHECK(left.supporter == kNobody);
  CHECK(left.supporter_name.empty());
}

TEST_CASE("a session is another's as well when another account has a part in it, an erased or typed-in one not") {
  auto one = session();
  CHECK(is_anothers_too(one, kRobin));
  one.supporter = kRobin;
  one.customer = {.account = std::nullopt, .name = "Typed in", .email = "typed@in.example"};
  one.joined_by.clear();
  CHECK_FALSE(is_anothers_too(one, kRobin));
  one.presses.front().supporter.account = kNobody;
  CHECK_FALSE(is_anothers_too(one, kRobin));
  one.joined_by = {{.account = kKim, .name = "Kim"}};
  CHECK(is_anothers_too(one, kRobin));
}

TEST_CASE("taking out somebody who has no part changes nothing; a live session stays live") {
  auto left = session();
  left.last_error = Error{.code = "not_linked", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  take_out(left, AccountId{"somebody"});
  CHECK(left.last_error);
  left.state = SessionState::open;
  take_out(left, kAda);
  CHECK(left.state == SessionState::open);
  CHECK_FALSE(left.last_error);
}

TEST_CASE("a new name is put wherever the session says it, and nowhere else") {
  auto one = session();
  CHECK(rename(one, kRobin, "Robin Moor"));
  CHECK(one.creator_name == "Robin Moor");
  CHECK(one.presses.front().supporter.name == "Robin Moor");
  CHECK(one.supporter_name == "Kim Admin");
  CHECK_FALSE(rename(one, kRobin, "Robin Moor"));
  CHECK(rename(one, AccountId{"lee"}, "Lee Long"));
  CHECK(one.joined_by.front().name == "Lee Long");
  CHECK_FALSE(rename(one, AccountId{"somebody"}, "X"));
}

TEST_CASE("a session that an erased agent had is not attended to any more; the press that made it theirs goes with them") {
  auto left = session();
  left.state = SessionState::in_progress;
  take_out(left, kKim);
  CHECK(left.state == SessionState::customer_present);
  CHECK(left.supporter == kRobin);
  CHECK(left.presses.empty());
  auto handed_on = session();   // somebody was with the customer before they took it over
  handed_on.state = SessionState::in_progress;
  handed_on.presses = {{.supporter = {.account = kRobin, .name = "Robin Hale"}, .waiting = true, .first = true, .at = {}}, {.supporter = {.account = AccountId{"lee"}, .name = "Lee"}, .waiting = false, .first = false, .at = {}}};
  take_out(handed_on, kKim);
  CHECK(handed_on.state == SessionState::in_progress);
  CHECK(handed_on.supporter == AccountId{"lee"});
  CHECK(handed_on.presses.size() == 1);
  auto kept = session();
  kept.state = SessionState::in_progress;
  take_out(kept, AccountId{"lee"});
  CHECK(kept.state == SessionState::in_progress);
  CHECK(kept.presses.size() == 1);
}

TEST_CASE("a new name of the customer's is one that the provider takes") {
  auto one = session();
  CHECK(rename(one, kAda, std::string(120, 'x') + "\u202e"));
  CHECK(one.customer.name == std::string(100, 'x'));
  CHECK_FALSE(rename(one, kAda, std::string(120, 'x')));
}
