// Comments that an event tells of, and those whose event was lost.
#include "desk/rosters_stage_test.hpp"

namespace belay::desk {
namespace {

// ---- events and lost events ----

TEST_CASE("who comes while the newest page is on its way is not missed") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.clock.time += kRosterLife;
  desk.tickets.on_page = [&] {
    desk.clock.time += Milliseconds{5};
    desk.hear(commented("newcomer"));
    desk.clock.time += Milliseconds{5};
  };
  CHECK_FALSE(has(desk.look()->authors, "newcomer"));   // as if Jira had answered before it was written
  desk.one_more("newcomer");
  CHECK(has(desk.look()->authors, "newcomer"));
}

TEST_CASE("who comments while the issue is looked at for the very first time is there at the next look") {
  for (const std::string restriction : {"", "role:admins"}) {
    CAPTURE(restriction);
    RosterDesk desk;
    desk.comments(3, each_their_own);
    desk.tickets.may_read[desk.agent] = {"role:admins"};
    desk.tickets.on_page = [&] {
      auto payload = commented("late");
      payload["comment"].as_object()["id"] = std::to_string(desk.comments_made + 1);
      if (!restriction.empty()) payload["comment"].as_object()["visibility"] = {{"type", "role"}, {"value", "admins"}};
      desk.hear(payload);
    };
    const auto first = desk.look();
    REQUIRE(first);
    CHECK_FALSE(has(first->authors, "late"));
    desk.one_more("late", restriction);   // behind what Jira had put together when it was asked
    desk.clock.time += Milliseconds{8'000};
    CHECK(has(desk.look()->authors, "late"));
  }
}

TEST_CASE("a first look that came to nothing leaves no roster, and the next one begins anew") {
  RosterDesk desk;
  desk.comments(150, each_their_own);
  desk.tickets.authors_down = kAway;
  desk.look();
  desk.hear(commented("person-3"));
  CHECK_FALSE(desk.stored());
  desk.tickets.authors_down.reset();
  desk.clock.time += Milliseconds{8'000};
  CHECK(desk.look()->authors.size() == 150);
  CHECK(desk.stored()->progress.complete);
  for (int panel = 0; panel < 3; ++panel) desk.look();
  CHECK(desk.pages() == 4);
}

TEST_CASE("a comment event puts its author first; without a call where they were on the list, by the newest page where not") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.clock.time += Milliseconds{1'000};
  desk.hear(commented("person-2"));
  desk.hear(commented("person-2"));
  const auto first = [&] { return support::accounts_of({.reporter = {}, .assignee = {}, .request = false, .participants = {}, .commenters = desk.look()->authors})[0]; };
  CHECK(first() == AccountId{"person-2"});
  CHECK(desk.pages() == 2);
  desk.clock.time += Milliseconds{1'000};
  desk.one_more("newcomer");
  desk.hear(commented("newcomer"));
  desk.hear(commented("newcomer"));
  desk.clock.time += Milliseconds{1};
  CHECK(first() == AccountId{"newcomer"});
  CHECK(first() == AccountId{"newcomer"});
  CHECK(desk.pages() == 3);
}

TEST_CASE("an edit, by whomever, does not make the comment's author the one who spoke last") {
  RosterDesk desk;
  desk.comments(3, each_their_own);   // person-2 the longest ago
  desk.look();
  const auto before = desk.stored()->authors;
  desk.clock.time += Milliseconds{60'000};
  auto edited = commented("person-2");
  auto& comment = edited["comment"].as_object();
  comment["created"] = to_iso8601(before.back().spoke.at);
  comment["updated"] = to_iso8601(desk.clock.now());
  comment["updateAuthor"] = json::object{{"accountId", "person-0"}};
  edited["atlassianId"] = "person-0";
  desk.hear(edited);
  CHECK(desk.stored()->authors == before);
  desk.look();
  CHECK(desk.pages() == 2);
}

TEST_CASE("an event that does not say when the comment was written has the newest page read again, and one from times to come puts nobody there") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  desk.look();
  const auto before = desk.stored()->authors;
  desk.clock.time += Milliseconds{60'000};
  desk.hear_as_is(commented("person-2"));
  CHECK(desk.stored()->authors == before);
  desk.clock.time += Milliseconds{1};
  desk.look();
  CHECK(desk.pages() == 3);
  auto ahead = commented("person-2");
  ahead["comment"].as_object()["created"] = to_iso8601(desk.clock.now() + Milliseconds{3'600'000});
  desk.hear(ahead);
  CHECK(desk.stored()->authors[0].spoke.at == desk.clock.now());
}

json::object deleted(const ports::CommentPage::Author& comment) {
  return {{"eventType", "avi:jira:deleted:comment"}, {"issue", json::object{{"id", "10001"}}}, {"comment", json::object{{"id", comment.comment.value}, {"author", json::object{{"accountId", comment.person.id.value}}}}}};
}

TEST_CASE("whose only comment was deleted leaves the list; whoever wrote another one stays, as of that one") {
  RosterDesk desk;
  desk.comments(4, [](std::size_t n) { return n % 2 == 0 ? "ana" : n == 1 ? "ben" : "cleo"; });   // ana twice
  desk.look();
  for (const int gone : {1, 0}) {
    const auto comment = desk.tickets.authors.at(static_cast<std::size_t>(gone));
    desk.tickets.authors.erase(desk.tickets.authors.begin() + gone);
    desk.hear(deleted(comment));
    desk.clock.time += Milliseconds{1};
  }
  const auto now = desk.look();
  CHECK_FALSE(has(now->authors, "ben"));
  CHECK(has(now->authors, "cleo"));
  REQUIRE(has(now->authors, "ana"));
  CHECK(std::ranges::find(now->authors, AccountId{"ana"}, &support::Spoke::account)->at == desk.tickets.authors.front().at);
  CHECK(desk.pages() == 3);
}

TEST_CASE("on an issue with more comments than a page holds all are read anew, once: they may have written long ago") {
  RosterDesk desk;
  desk.comments(250, [](std::size_t n) { return n == 249 ? "person-0" : each_their_own(n); });   // person-0 wrote the first, and the last
  desk.look();
  while (!is<Done>(desk.step())) {}
  for (int gone = 0; gone < 2; ++gone) {
    const auto comment = desk.tickets.authors.front();
    desk.tickets.authors.erase(desk.tickets.authors.begin());
    desk.hear(deleted(comment));
    desk.clock.time += Milliseconds{1};
  }
  const auto before = desk.pages();
  const auto now = desk.look();
  CHECK_FALSE(now->complete);
  CHECK_FALSE(has(now->authors, "person-1"));
  CHECK(desk.pages() == before + 1);
  const auto row = desk.asked("roster.read", desk.issue.value);
  REQUIRE(row);
  while (!is<Done>(desk.step())) {}
  const auto after = desk.look();
  CHECK(after->complete);
  CHECK(after->authors.size() == 248);
  CHECK(has(after->authors, "person-0"));
  CHECK_FALSE(has(after->authors, "person-1"));
}

TEST_CASE("a reading that began before a deletion does not end the one that the deletion asks for") {
  RosterDesk desk;
  desk.comments(250, each_their_own);
  const auto seen = desk.look_only();   // asked before, and kept afterwards
  desk.look();
  while (!is<Done>(desk.step())) {}
  const auto complete = desk.stored()->progress;
  const auto comment = desk.tickets.authors.front();
  desk.tickets.authors.erase(desk.tickets.authors.begin());
  desk.hear(deleted(comment));
  desk.write([&](ports::UnitOfWork& unit) { unit.rosters().add(desk.installation, desk.issue, {}, complete); });
  CHECK_FALSE(desk.stored()->progress.complete);
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->progress.complete);
  CHECK_FALSE(has(desk.stored()->authors, "person-0"));
}

TEST_CASE("a deletion of which no event tells is seen with the next newest page") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.tickets.authors.erase(desk.tickets.authors.begin() + 1);
  desk.clock.time += kRosterLife;
  CHECK_FALSE(has(desk.look()->authors, "person-1"));
  CHECK_FALSE(has(desk.stored()->authors, "person-1"));
  CHECK(has(desk.stored()->authors, "person-2"));
}

TEST_CASE("events that came in the wrong order, or again later, never make anybody older") {
  RosterDesk desk;
  desk.comments(1, [](std::size_t) { return "ana"; });
  desk.look();
  const auto spoke = desk.stored()->authors[0].spoke.at;
  desk.clock.time -= Milliseconds{60'000};
  desk.hear(commented("ana"));
  CHECK(desk.stored()->authors[0].spoke.at == spoke);
}

TEST_CASE("events on issues that nobody looked at, of our own making, or without an author leave no trace") {
  RosterDesk desk;
  desk.hear(commented("ana"));
  CHECK_FALSE(desk.stored());
  desk.comments(1, each_their_own);
  desk.look();
  auto own = commented("the-app");
  own["selfGenerated"] = true;
  desk.hear(own);
  desk.hear({{"eventType", "avi:jira:commented:issue"}, {"issue", json::object{{"id", "10001"}}}, {"comment", json::object{{"author", json::object{}}}}});
  desk.hear(commented(""));
  desk.hear(commented(std::string(200, 'x')));
  CHECK(desk.stored()->authors.size() == 1);
}

TEST_CASE("an event while older comments are read is not undone by the step") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  desk.clock.time += Milliseconds{5'000};
  desk.hear(commented("person-150"));
  while (!is<Done>(desk.step())) {}
  const auto roster = desk.stored();
  const auto author = std::ranges::find_if(roster->authors, [](const auto& one) { return one.spoke.account.value == "person-150"; });
  CHECK(author->spoke.at == desk.clock.now());
}

TEST_CASE("after a while the newest page is read again, for events that were lost; one page, and the older are not read anew") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  while (!is<Done>(desk.step())) {}
  const auto before = desk.pages();
  desk.clock.time += kRosterLife;
  desk.one_more("lost");
  const auto now = desk.look();
  CHECK(now->complete);
  CHECK(has(now->authors, "lost"));
  CHECK(now->authors.size() == 1'001);
  CHECK(desk.pages() == before + 1);
  desk.look();
  CHECK(desk.pages() == before + 1);
  CHECK_FALSE(is<LaterAt>(desk.step()));
}

TEST_CASE("where events about more comments than a page holds were lost, the worker reads back to what was read before, and no further") {
  for (const std::size_t lost : {98U, 99U, 101U, 350U}) {
    CAPTURE(lost);
    RosterDesk desk;
    desk.comments(3'000, each_their_own);
    desk.look();
    while (!is<Done>(desk.step())) {}
    const auto before = desk.pages();
    for (std::size_t n = 0; n < lost; ++n) {
      desk.clock.time += Milliseconds{10'000};
      desk.one_more("lost-" + std::to_string(n));
    }
    desk.clock.time += kRosterLife;
    CHECK(desk.look()->complete == (lost < 99));   // of the page one has to be older than the newest that was known
    if (lost >= 99) {
      while (!is<Done>(desk.step())) {}
    }
    CHECK(desk.stored()->progress.complete);
    CHECK(desk.stored()->authors.size() == 3'000 + lost);
    CHECK(desk.pages() - before <= 1 + 4);
    desk.clock.time += kRosterLife;
    CHECK(desk.look()->complete);
  }
}

TEST_CASE("the same on an issue that was short: it had two pages, and now has five") {
  RosterDesk desk;
  desk.comments(150, each_their_own);
  desk.look();
  for (int n = 0; n < 300; ++n) {
    desk.clock.time += Milliseconds{10'000};
    desk.one_more("lost-" + std::to_string(n));
  }
  desk.clock.time += kRosterLife;
  CHECK_FALSE(desk.look()->complete);
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == 450);
}

TEST_CASE("comments of one moment, on both sides of where reading ended, are all found") {
  RosterDesk desk;
  desk.comments(250, each_their_own);
  desk.look();
  while (!is<Done>(desk.step())) {}
  for (int n = 0; n < 150; ++n) desk.one_more("same-" + std::to_string(n));   // at the time of the newest
  desk.clock.time += kRosterLife;
  desk.look();
  for (int steps = 0; steps < 10 && !is<Done>(desk.step()); ++steps) {}
  CHECK(desk.stored()->authors.size() == 400);
}

TEST_CASE("a newest page that does not come leaves what is known, and is told") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.clock.time += kRosterLife;
  desk.tickets.authors_down = kAway;
  const auto seen = desk.look();
  REQUIRE(seen);
  CHECK(seen->failure->code == "jira_unreachable");
  CHECK(seen->authors.size() == 3);
  CHECK(seen->complete);
  CHECK(desk.stored()->authors.size() == 3);
}

TEST_CASE("a clock that was set back makes no roster last") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.clock.time -= Milliseconds{3'600'000};
  desk.one_more("meanwhile");
  CHECK(has(desk.look()->authors, "meanwhile"));
}

TEST_CASE("while somebody unpairs nothing is stored any more") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.write([&](ports::UnitOfWork& unit) {
    auto leaving = *unit.installations().find(desk.installation);
    leaving.leaving_since = desk.clock.now();
    unit.installations().update(leaving);
  });
  CHECK(desk.look());
  CHECK_FALSE(desk.stored());
  CHECK_FALSE(desk.is_asked_for("roster.read", "10001"));
}

}  // namespace
}  // namespace belay::desk
