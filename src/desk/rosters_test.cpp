// Who has spoken: how many pages are read, in which order, and that nobody is lost on the way.
#include <rapidcheck.h>

#include "desk/rosters_stage_test.hpp"

namespace belay::desk {
namespace {

// ---- the first answer ----

TEST_CASE("a short issue: its two newest pages are all there is, and nothing is left for the worker") {
  RosterDesk desk;
  desk.comments(3, each_their_own);
  const auto now = desk.look();
  REQUIRE(now);
  CHECK(now->complete);
  CHECK(now->authors.size() == 3);
  CHECK(desk.tickets.pages_asked == std::vector<std::size_t>{0, 100});
  CHECK_FALSE(desk.is_asked_for("roster.read", "10001"));
  CHECK(desk.stored()->progress.complete);
}

TEST_CASE("a huge issue: the two newest pages give the first answer, the rest is asked of the worker") {
  RosterDesk desk;
  desk.comments(5'000, [](std::size_t n) { return "person-" + std::to_string(n / 20); });
  const auto now = desk.look();
  REQUIRE(now);
  CHECK_FALSE(now->complete);
  CHECK(now->authors.size() == 10);
  CHECK(desk.pages() == 2);
  CHECK(desk.is_asked_for("roster.read", "10001"));
}

TEST_CASE("exactly two pages are the whole, one comment more is not") {
  for (const std::size_t count : {0U, 1U, 199U, 200U, 201U}) {
    CAPTURE(count);
    RosterDesk desk;
    desk.comments(count, each_their_own);
    CHECK(desk.look()->complete == (count <= 200));
  }
}

TEST_CASE("apps speak too, and are left out; who speaks often stands once, with the last time") {
  RosterDesk desk;
  desk.comments(10, [](std::size_t n) { return n % 2 == 0 ? std::string("bot-builder") : std::string("ana"); });
  const auto now = desk.look();
  REQUIRE(now->authors.size() == 1);
  CHECK(now->authors[0] == support::Spoke{AccountId{"ana"}, desk.tickets.authors[1].at});
}

TEST_CASE("who was not let in leaves no roster, and no work for the app, which sees more than they do") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  CHECK(desk.look_only()->authors.size() == 200);
  CHECK_FALSE(desk.stored());
  CHECK_FALSE(desk.is_asked_for("roster.read", "10001"));
}

TEST_CASE("the names that came with the comments that the app read are not asked for again") {
  RosterDesk desk;
  desk.comments(300, each_their_own);
  desk.look();
  CHECK(is<Done>(desk.step()));
  const auto seen = desk.run(desk.people_book->look(desk.installation, {AccountId{"person-250"}}, "trace", kPatience));
  CHECK(seen.people.at(AccountId{"person-250"}).person->name == "Name of person-250");
  CHECK(desk.users.people_asked.empty());
}

TEST_CASE("a panel that looks again asks nothing") {
  RosterDesk desk;
  desk.comments(5'000, each_their_own);
  desk.look();
  for (int panel = 0; panel < 20; ++panel) CHECK(desk.look()->authors.size() == 200);
  CHECK(desk.pages() == 2);
}

// ---- trouble at the first look ----

TEST_CASE("a Jira that does not answer is told, and nothing is stored") {
  RosterDesk desk;
  desk.tickets.authors_down = kAway;
  CHECK(desk.look().error().code == "jira_unreachable");
  CHECK_FALSE(desk.stored());
}

TEST_CASE("a second page that does not come is read later: what the first says is not kept back") {
  RosterDesk desk;
  desk.comments(150, each_their_own);
  desk.tickets.page_down[100] = kAway;
  const auto now = desk.look();
  REQUIRE(now);
  CHECK(now->authors.size() == 100);
  CHECK_FALSE(now->complete);
  desk.tickets.page_down.clear();
  CHECK(is<Done>(desk.step()));
  CHECK(desk.stored()->authors.size() == 150);
  CHECK(desk.stored()->progress.complete);
}

// ---- the worker ----

TEST_CASE("older pages are read four at a time until there are none, and everybody is found") {
  RosterDesk desk;
  desk.comments(5'000, each_their_own);
  desk.look();
  std::size_t before = desk.pages();
  int steps = 0;
  for (;;) {
    const auto result = desk.step();
    ++steps;
    CHECK(desk.pages() - before <= 4);
    before = desk.pages();
    if (is<Done>(result)) break;
    REQUIRE(is<LaterAt>(result));
    CHECK(std::get<LaterAt>(result).due_at <= desk.clock.now());
    REQUIRE(steps < 100);
  }
  CHECK(desk.stored()->progress.complete);
  CHECK(desk.stored()->authors.size() == 5'000);
  // All 50 once more, now as the app, and what they overlap.
  CHECK(desk.pages() - 2 <= 50 + 2);
  CHECK(std::ranges::max(desk.tickets.pages_asked) < 5'000);
  CHECK(is<Done>(desk.step()));
  CHECK(desk.pages() == before);
}

TEST_CASE("comments that the app may not read hide nobody's who wrote before them") {
  RosterDesk desk;
  desk.comments(600, each_their_own);
  desk.tickets.authors_for_app.emplace(desk.tickets.authors.begin() + 150, desk.tickets.authors.end());
  desk.look();
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == 600);
}

TEST_CASE("no page is asked for behind the end, also where the app sees fewer comments") {
  for (const std::size_t count : {201U, 300U, 399U, 612U, 1'000U}) {
    CAPTURE(count);
    RosterDesk desk;
    desk.comments(count, each_their_own);
    desk.look();
    while (!is<Done>(desk.step())) {}
    CHECK(desk.stored()->authors.size() == count);
    CHECK(std::ranges::max(desk.tickets.pages_asked) < count);
  }
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.tickets.authors_for_app.emplace(desk.tickets.authors.begin(), desk.tickets.authors.begin() + 30);
  desk.look();
  const auto before = desk.pages();
  CHECK(is<Done>(desk.step()));
  CHECK(desk.pages() - before <= 4);
}

TEST_CASE("steps that fail do not walk back") {
  RosterDesk desk;
  desk.comments(3'000, each_their_own);
  desk.look();
  desk.step();
  const auto reached = desk.stored()->progress.next_start;
  REQUIRE(reached > 300);
  desk.tickets.authors_down = kAway;
  for (int attempts = 0; attempts < 20; ++attempts) {
    CHECK(is<TryAgain>(desk.step(attempts)));
    CHECK(desk.stored()->progress.next_start == reached);
  }
}

TEST_CASE("killed anywhere in the middle, reading goes on from there, and not from the beginning") {
  RosterDesk desk;
  desk.comments(3'000, each_their_own);
  desk.look();
  desk.step();
  desk.step();
  const auto reached = desk.stored()->progress.next_start;
  CHECK(reached >= 700);
  // Another process: nothing in memory.
  desk.rosters.emplace(*desk.doors, *desk.people_book);
  const auto before = desk.tickets.pages_asked.size();
  desk.step();
  for (auto page = before; page < desk.tickets.pages_asked.size(); ++page) CHECK(desk.tickets.pages_asked[page] + 10 >= reached);
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == 3'000);
}

TEST_CASE("a step that runs twice for the same row changes nothing but what it cost") {
  RosterDesk desk;
  desk.comments(700, each_their_own);
  desk.look();
  const auto early = desk.stored();
  desk.step();
  desk.write([&](ports::UnitOfWork& unit) { unit.rosters().add(desk.installation, desk.issue, early->authors, early->progress); });   // as if it had been killed before
  desk.step();
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == 700);
}

TEST_CASE("comments that are written or deleted while older ones are read: nobody is lost") {
  CHECK(rc::check([] {
    RosterDesk desk;
    const auto count = *rc::gen::inRange<std::size_t>(150, 1'200);
    desk.comments(count, each_their_own);
    desk.look();
    const auto everybody = desk.tickets.authors;
    std::vector<AccountId> deleted;
    for (int step = 0; step < 12; ++step) {
      const int change = *rc::gen::inRange(-3, 4);
      for (int i = 0; i < change; ++i) desk.one_more("late-" + std::to_string(step) + "-" + std::to_string(i));
      for (int i = 0; i < -change; ++i) {
        const auto place = *rc::gen::inRange<std::size_t>(0, desk.tickets.authors.size());
        deleted.push_back(desk.tickets.authors[place].person.id);
        desk.tickets.authors.erase(desk.tickets.authors.begin() + static_cast<std::ptrdiff_t>(place));
      }
      if (is<Done>(desk.step())) break;
    }
    const auto stored = desk.stored();
    RC_ASSERT(stored->progress.complete);
    for (const auto& author : everybody) {
      if (std::ranges::find(deleted, author.person.id) != deleted.end()) continue;
      RC_ASSERT(has(stored->authors, author.person.id.value));
    }
  }));
}

TEST_CASE("a page that fails keeps what was read, and the step is tried again from there") {
  RosterDesk desk;
  desk.comments(1'500, each_their_own);
  desk.look();
  for (std::size_t start = 700; start < 800; ++start) desk.tickets.page_down[start] = kAway;
  auto result = desk.step();
  for (int steps = 0; steps < 10 && is<LaterAt>(result); ++steps) result = desk.step();
  REQUIRE(is<TryAgain>(result));
  CHECK(std::get<TryAgain>(result).error.code == "jira_unreachable");
  CHECK(desk.stored()->progress.next_start >= 700);
  CHECK(desk.stored()->progress.next_start < 800);
  CHECK(desk.stored()->authors.size() >= 700);
  CHECK_FALSE(desk.stored()->progress.complete);
  desk.tickets.page_down.clear();
  const auto before = desk.pages();
  while (!is<Done>(desk.step(1))) {}
  CHECK(desk.stored()->authors.size() == 1'500);
  CHECK(desk.tickets.pages_asked[before] >= 690);
}

TEST_CASE("what will not pass is given up, and the next look after a while asks again") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  desk.tickets.authors_down = kForbidden;
  CHECK(is<GiveUp>(desk.step()));
  desk.tickets.authors_down.reset();
  desk.write([&](ports::UnitOfWork& unit) { unit.outbox().erase(desk.installation, "roster.read", "10001"); });
  desk.clock.time += kRosterLife;
  desk.look();
  CHECK(desk.is_asked_for("roster.read", "10001"));
}

TEST_CASE("older comments that the app may not read are no comments that are still being read: who looks is told that some may be missing, until it may") {
  for (const auto& refusal : {kForbidden, kGone}) {   // the second is what Jira says of an issue that is kept from the app
    CAPTURE(refusal.code);
    RosterDesk desk;
    desk.comments(1'000, each_their_own);
    CHECK_FALSE(desk.look()->failure);
    desk.tickets.authors_down = refusal;
    CHECK_FALSE(is<TryAgain>(desk.step()));
    desk.tickets.authors_down.reset();
    const auto now = desk.look();
    REQUIRE(now->failure);
    CHECK(now->failure->code == "jira_forbidden");
    CHECK_FALSE(now->complete);
    CHECK(now->authors.size() == 200);

    desk.clock.time += kRosterLife;   // it is tried again, and it may
    CHECK_FALSE(desk.look()->failure);
    while (!is<Done>(desk.step())) {}
    CHECK_FALSE(desk.look()->failure);
    CHECK(desk.look()->complete);
  }
}

// ---- more people than a roster holds ----

TEST_CASE("of more authors than a roster holds those who spoke last are kept, and that there were more is told; no page is read for who would not stay") {
  RosterDesk desk;
  desk.comments(ports::kMostRosterAuthors + 2'000, each_their_own);
  CHECK_FALSE(desk.look()->cut);
  while (!is<Done>(desk.step())) {}
  const auto stored = desk.stored();
  CHECK(stored->authors.size() == ports::kMostRosterAuthors);
  CHECK(stored->cut);
  CHECK(stored->progress.complete);
  CHECK(has(stored->authors, "person-0"));
  CHECK(has(stored->authors, "person-" + std::to_string(ports::kMostRosterAuthors - 1)));
  CHECK_FALSE(has(stored->authors, "person-" + std::to_string(ports::kMostRosterAuthors)));
  CHECK(std::ranges::max(desk.tickets.pages_asked) < ports::kMostRosterAuthors + 500);
  CHECK(desk.look()->cut);
  desk.clock.time += kRosterLife;
  CHECK(desk.look()->cut);
}

TEST_CASE("as many authors as a roster holds are all of them") {
  RosterDesk desk;
  desk.comments(ports::kMostRosterAuthors, each_their_own);
  desk.look();
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == ports::kMostRosterAuthors);
  CHECK_FALSE(desk.look()->cut);
}

TEST_CASE("a full roster whose events were lost is read back to what was known all the same") {
  RosterDesk desk;
  desk.comments(ports::kMostRosterAuthors + 200, each_their_own);
  desk.look();
  while (!is<Done>(desk.step())) {}
  for (int n = 0; n < 900; ++n) {
    desk.clock.time += Milliseconds{1'000};
    desk.one_more("late-" + std::to_string(n));
  }
  desk.clock.time += kRosterLife;
  desk.look();
  while (!is<Done>(desk.step())) {}
  const auto stored = desk.stored();
  CHECK(stored->authors.size() == ports::kMostRosterAuthors);
  for (int n = 0; n < 900; ++n) CHECK(has(stored->authors, "late-" + std::to_string(n)));
}

// ---- a deleted issue ----

TEST_CASE("an issue that is deleted while its comments are read ends the reading") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  desk.tickets.authors_down = kGone;
  CHECK(is<Done>(desk.step()));
}

TEST_CASE("a deleted issue takes its roster along, and a step that is still there brings nothing back") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  REQUIRE(desk.stored());
  desk.hear({{"eventType", "avi:jira:deleted:issue"}, {"issue", json::object{{"id", "10001"}}}});
  CHECK(is<Done>(desk.run(desk.farewell->end_issue(desk.row("issue.gone", "10001")))));
  CHECK_FALSE(desk.stored());
  const auto before = desk.pages();
  CHECK(is<Done>(desk.step()));
  CHECK(desk.pages() == before);
  CHECK_FALSE(desk.stored());
}

TEST_CASE("an issue that is deleted between the pages and the writing stays deleted") {
  RosterDesk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  desk.tickets.on_page = [&] { desk.write([&](ports::UnitOfWork& unit) { unit.rosters().erase(desk.installation, desk.issue); }); };
  for (int steps = 0; steps < 10 && !is<Done>(desk.step()); ++steps) {}
  CHECK_FALSE(desk.stored());
}

}  // namespace
}  // namespace belay::desk
