// Who has spoken: how many pages are read, in which order, and that nobody is lost on the way.
#include "desk/rosters.hpp"

#include <rapidcheck.h>

#include "desk/stage_test.hpp"
#include "support/restriction.hpp"

namespace belay::desk {
namespace {

const Error kAway{.code = "jira_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};
const Error kGone{.code = "not_found", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
const Error kForbidden{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};

struct Desk : Stage {
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
  void hear(json::object payload) { REQUIRE(run(events->hear(caller(agent).call, ForgeEvent::product, std::move(payload)))); }
};

std::string each_their_own(std::size_t n) { return "person-" + std::to_string(n); }

json::object commented(const std::string& by) {
  return {{"eventType", "avi:jira:commented:issue"}, {"issue", json::object{{"id", "10001"}}}, {"comment", json::object{{"author", json::object{{"accountId", by}}}}}};
}

bool has(const std::vector<support::Spoke>& authors, const std::string& who) { return std::ranges::find(authors, AccountId{who}, &support::Spoke::account) != authors.end(); }
bool has(const std::vector<ports::RosterAuthor>& authors, const std::string& who) {
  return std::ranges::any_of(authors, [&](const auto& author) { return author.spoke.account.value == who; });
}

// ---- the first answer ----

TEST_CASE("a short issue: its two newest pages are all there is, and nothing is left for the worker") {
  Desk desk;
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
  Desk desk;
  desk.comments(5'000, [](std::size_t n) { return "person-" + std::to_string(n / 20); });
  const auto now = desk.look();
  REQUIRE(now);
  CHECK_FALSE(now->complete);
  CHECK(now->authors.size() == 10);
  CHECK(desk.pages() == 2);
  CHECK(desk.is_asked_for("roster.read", "10001"));
  CHECK(desk.alarm.rings > 0);
}

TEST_CASE("exactly two pages are the whole, one comment more is not") {
  for (const std::size_t count : {0U, 1U, 199U, 200U, 201U}) {
    CAPTURE(count);
    Desk desk;
    desk.comments(count, each_their_own);
    CHECK(desk.look()->complete == (count <= 200));
  }
}

TEST_CASE("apps speak too, and are left out; who speaks often stands once, with the last time") {
  Desk desk;
  desk.comments(10, [](std::size_t n) { return n % 2 == 0 ? std::string("bot-builder") : std::string("ana"); });
  const auto now = desk.look();
  REQUIRE(now->authors.size() == 1);
  CHECK(now->authors[0] == support::Spoke{AccountId{"ana"}, desk.tickets.authors[1].at});
}

TEST_CASE("who was not let in leaves no roster, and no work for the app, which sees more than they do") {
  Desk desk;
  desk.comments(1'000, each_their_own);
  CHECK(desk.look_only()->authors.size() == 200);
  CHECK_FALSE(desk.stored());
  CHECK_FALSE(desk.is_asked_for("roster.read", "10001"));
}

TEST_CASE("the names that came with the comments that the app read are not asked for again") {
  Desk desk;
  desk.comments(300, each_their_own);
  desk.look();
  CHECK(is<Done>(desk.step()));
  const auto seen = desk.run(desk.people_book->look(desk.installation, {AccountId{"person-250"}}, "trace", kPatience));
  CHECK(seen.people.at(AccountId{"person-250"}).person->name == "Name of person-250");
  CHECK(desk.users.people_asked.empty());
}

TEST_CASE("a panel that looks again asks nothing") {
  Desk desk;
  desk.comments(5'000, each_their_own);
  desk.look();
  for (int panel = 0; panel < 20; ++panel) CHECK(desk.look()->authors.size() == 200);
  CHECK(desk.pages() == 2);
}

// ---- trouble at the first look ----

TEST_CASE("a Jira that does not answer is told, and nothing is stored") {
  Desk desk;
  desk.tickets.authors_down = kAway;
  CHECK(desk.look().error().code == "jira_unreachable");
  CHECK_FALSE(desk.stored());
}

TEST_CASE("a second page that does not come is read later: what the first says is not kept back") {
  Desk desk;
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
  Desk desk;
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
  Desk desk;
  desk.comments(600, each_their_own);
  desk.tickets.authors_for_app.emplace(desk.tickets.authors.begin() + 150, desk.tickets.authors.end());
  desk.look();
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == 600);
}

TEST_CASE("no page is asked for behind the end, also where the app sees fewer comments") {
  for (const std::size_t count : {201U, 300U, 399U, 612U, 1'000U}) {
    CAPTURE(count);
    Desk desk;
    desk.comments(count, each_their_own);
    desk.look();
    while (!is<Done>(desk.step())) {}
    CHECK(desk.stored()->authors.size() == count);
    CHECK(std::ranges::max(desk.tickets.pages_asked) < count);
  }
  Desk desk;
  desk.comments(1'000, each_their_own);
  desk.tickets.authors_for_app.emplace(desk.tickets.authors.begin(), desk.tickets.authors.begin() + 30);
  desk.look();
  const auto before = desk.pages();
  CHECK(is<Done>(desk.step()));
  CHECK(desk.pages() - before <= 4);
}

TEST_CASE("steps that fail do not walk back") {
  Desk desk;
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
  Desk desk;
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
  Desk desk;
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
    Desk desk;
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
  Desk desk;
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
  Desk desk;
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

// ---- more people than a roster holds ----

TEST_CASE("of more authors than a roster holds those who spoke last are kept, and that there were more is told; no page is read for who would not stay") {
  Desk desk;
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
  Desk desk;
  desk.comments(ports::kMostRosterAuthors, each_their_own);
  desk.look();
  while (!is<Done>(desk.step())) {}
  CHECK(desk.stored()->authors.size() == ports::kMostRosterAuthors);
  CHECK_FALSE(desk.look()->cut);
}

TEST_CASE("a full roster whose events were lost is read back to what was known all the same") {
  Desk desk;
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
  Desk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  desk.tickets.authors_down = kGone;
  CHECK(is<Done>(desk.step()));
}

TEST_CASE("a deleted issue takes its roster along, and a step that is still there brings nothing back") {
  Desk desk;
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
  Desk desk;
  desk.comments(1'000, each_their_own);
  desk.look();
  desk.tickets.on_page = [&] { desk.write([&](ports::UnitOfWork& unit) { unit.rosters().erase(desk.installation, desk.issue); }); };
  for (int steps = 0; steps < 10 && !is<Done>(desk.step()); ++steps) {}
  CHECK_FALSE(desk.stored());
}

// ---- comments that only a role or group may read ----

struct Restricted : Desk {
  Restricted() {
    comments(3, each_their_own);
    one_more("boss", "role:admins");
    one_more("boss", "role:admins");
    tickets.may_read[agent] = {"role:admins"};
  }
  Result<RosterNow> look_as(AccountId viewer) {
    auto now = run(rosters->look(ports::Call{.installation = installation, .trace_id = {}, .deadline = kPatience, .api_base_url = {}}, viewer, issue, stored()));
    if (now) REQUIRE(run(rosters->keep(installation, issue, *now)));
    return now;
  }
  bool sees(const AccountId& viewer, const std::string& who) { return has(look_as(viewer)->authors, who); }
  AccountId other{"another-agent"};
  [[nodiscard]] std::size_t asked() const { return tickets.readable_asked.size(); }
};

TEST_CASE("whoever wrote what only some may read is on the list of those, and of nobody else") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  CHECK_FALSE(desk.sees(desk.other, "boss"));
  CHECK(desk.sees(desk.other, "person-1"));
  CHECK(desk.sees(desk.agent, "boss"));
}

TEST_CASE("the same where the other one looked first: it is found with the next newest page") {
  Restricted desk;
  CHECK_FALSE(desk.sees(desk.other, "boss"));
  desk.clock.time += kRosterLife;
  CHECK(desk.sees(desk.agent, "boss"));
  CHECK_FALSE(desk.sees(desk.other, "boss"));
}

TEST_CASE("Jira is asked once about a restriction, in one call, and not by whoever was shown the comments") {
  Restricted desk;
  desk.one_more("chief", "group:staff");
  desk.tickets.may_read[desk.agent].insert("group:staff");
  for (int panel = 0; panel < 5; ++panel) CHECK(desk.sees(desk.agent, "chief"));
  CHECK(desk.asked() == 0);
  for (int panel = 0; panel < 5; ++panel) CHECK_FALSE(desk.sees(desk.other, "chief"));
  CHECK(desk.asked() == 1);
  CHECK(desk.pages() == 2);
}

TEST_CASE("who gets or loses the role sees or loses them within five minutes") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  CHECK_FALSE(desk.sees(desk.other, "boss"));
  desk.tickets.may_read[desk.agent].clear();
  desk.tickets.may_read[desk.other] = {"role:admins"};
  desk.clock.time += kRestrictionsLife;
  CHECK_FALSE(desk.sees(desk.agent, "boss"));
  CHECK(desk.sees(desk.other, "boss"));
}

TEST_CASE("steady comments do not make an old permission last") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  desk.tickets.may_read[desk.agent].clear();
  for (int minute = 0; minute < 5; ++minute) {
    desk.clock.time += Milliseconds{60'000};
    desk.one_more("new-" + std::to_string(minute));
    desk.hear(commented("new-" + std::to_string(minute)));
    desk.look_as(desk.agent);
  }
  CHECK_FALSE(desk.sees(desk.agent, "boss"));
}

TEST_CASE("where Jira does not say, nobody is shown who may not be, and that somebody may be missing is told") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  desk.tickets.may_read[desk.other] = {"role:admins"};
  desk.tickets.readable_down = kAway;
  const auto now = desk.look_as(desk.other);
  REQUIRE(now);
  CHECK_FALSE(has(now->authors, "boss"));
  CHECK(has(now->authors, "person-1"));
  REQUIRE(now->failure);
  CHECK(now->failure->code == "jira_unreachable");
  desk.tickets.readable_down.reset();
  CHECK(desk.sees(desk.other, "boss"));
}

TEST_CASE("somebody who wrote openly too is seen by all, with the time of what each may read") {
  Restricted desk;
  desk.clock.time += Milliseconds{1'000};
  desk.one_more("person-2", "role:admins");
  const auto at = [&](const AccountId& viewer) { return std::ranges::find(desk.look_as(viewer)->authors, AccountId{"person-2"}, &support::Spoke::account)->at; };
  CHECK(at(desk.agent) == desk.clock.now());
  CHECK(at(desk.other) < desk.clock.now());
}

TEST_CASE("an event about a restricted comment shows its author to who may read it, without a page") {
  Restricted desk;
  desk.look_as(desk.agent);
  desk.one_more("chief", "role:admins");
  auto event = commented("chief");
  event["comment"].as_object()["id"] = desk.tickets.authors[0].comment.value;
  event["comment"].as_object()["visibility"] = json::object{{"type", "role"}, {"value", "admins"}};
  desk.hear(event);
  CHECK(desk.sees(desk.agent, "chief"));
  CHECK_FALSE(desk.sees(desk.other, "chief"));
  CHECK(desk.pages() == 2);
}

TEST_CASE("an event that keeps silent about the restriction shows nobody to whom it may not") {
  Restricted desk;
  desk.look_as(desk.other);
  desk.one_more("chief", "role:admins");
  desk.hear(commented("chief"));
  CHECK_FALSE(desk.sees(desk.other, "chief"));
}

TEST_CASE("a restricted comment that was deleted proves nothing: another one of them does") {
  Restricted desk;
  CHECK(desk.sees(desk.agent, "boss"));
  desk.one_more("chief", "role:admins");
  desk.clock.time += kRosterLife;
  CHECK(desk.sees(desk.agent, "chief"));
  desk.tickets.may_read[desk.other] = {"role:admins"};
  desk.tickets.authors.erase(desk.tickets.authors.begin());
  CHECK(desk.sees(desk.other, "boss"));
}

TEST_CASE("what the app alone could read is shown to nobody who may not") {
  Restricted desk;
  desk.comments(300, each_their_own);
  desk.tickets.authors.push_back(desk.comment("hidden", desk.clock.now() - Milliseconds{900'000'000}, "role:admins"));
  desk.tickets.may_read = {{AccountId{"the-app"}, {"role:admins"}}};
  desk.look_as(desk.agent);
  while (!is<Done>(desk.step())) {}
  CHECK(has(desk.stored()->authors, "hidden"));
  CHECK_FALSE(desk.sees(desk.agent, "hidden"));
}

TEST_CASE("of restrictions that are not understood nobody is shown: one does not prove another") {
  Restricted desk;
  desk.one_more("odd", std::string(support::kUnknownRestriction));
  desk.tickets.may_read[desk.agent].insert(std::string(support::kUnknownRestriction));
  CHECK_FALSE(desk.sees(desk.agent, "odd"));
  CHECK_FALSE(desk.sees(desk.agent, "odd"));
}

// ---- events and lost events ----

TEST_CASE("who comes while the newest page is on its way is not missed") {
  Desk desk;
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
    Desk desk;
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
  Desk desk;
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
  Desk desk;
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

TEST_CASE("events that came in the wrong order, or again later, never make anybody older") {
  Desk desk;
  desk.comments(1, [](std::size_t) { return "ana"; });
  desk.look();
  const auto spoke = desk.stored()->authors[0].spoke.at;
  desk.clock.time -= Milliseconds{60'000};
  desk.hear(commented("ana"));
  CHECK(desk.stored()->authors[0].spoke.at == spoke);
}

TEST_CASE("events on issues that nobody looked at, of our own making, or without an author leave no trace") {
  Desk desk;
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
  Desk desk;
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
  Desk desk;
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
    Desk desk;
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
  Desk desk;
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
  Desk desk;
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
  Desk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.clock.time += kRosterLife;
  desk.tickets.authors_down = kAway;
  CHECK(desk.look().error().code == "jira_unreachable");
  CHECK(desk.stored()->authors.size() == 3);
}

TEST_CASE("a clock that was set back makes no roster last") {
  Desk desk;
  desk.comments(3, each_their_own);
  desk.look();
  desk.clock.time -= Milliseconds{3'600'000};
  desk.one_more("meanwhile");
  CHECK(has(desk.look()->authors, "meanwhile"));
}

TEST_CASE("while somebody unpairs nothing is stored any more") {
  Desk desk;
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
