#include "support/session_figures.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace belay;
using namespace belay::support;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Time kNoon = *from_iso8601("2026-03-02T12:00:00Z");
const Time kFirst = *from_iso8601("2026-02-27T00:00:00Z");
const Time kEnd = *from_iso8601("2026-03-04T00:00:00Z");

SessionFacts facts(std::string agent = "robin", std::string key = "HELP-1", Time created = kNoon) {
  SessionFacts made;
  made.id = SessionId{"s"};
  made.created_at = created;
  made.issue_key = IssueKey{std::move(key)};
  made.agent = AccountId{std::move(agent)};
  made.state = SessionState::reported;
  made.made = true;
  return made;
}

SessionFacts helped(seconds waited, seconds lasted, std::string agent = "robin", std::string key = "HELP-1", Time created = kNoon) {
  auto made = facts(std::move(agent), std::move(key), created);
  made.came_at = created + minutes{1};
  made.connected_at = *made.came_at + waited;
  made.waiting = waited;
  made.connections = 1;
  made.connected = lasted;
  return made;
}

FigureSheet sheet_of(const std::vector<SessionFacts>& all, FactsFilter filter = {}) {
  FigureBook book{Days{Zone{}, kFirst, kEnd}, std::move(filter)};
  for (const auto& one : all) book.add(one);
  return std::move(book).close();
}

TEST_CASE("of nothing there are days without sessions, and no figure is invented") {
  const auto sheet = sheet_of({});
  CHECK(sheet.total == Figures{});
  CHECK_FALSE(sheet.total.waiting);
  CHECK_FALSE(sheet.total.duration);
  CHECK_FALSE(sheet.total.ratings);
  CHECK(sheet.days == std::vector<Figures>(5));
  CHECK(sheet.agents.empty());
  CHECK(sheet.projects.empty());
}

TEST_CASE("waiting ends with an agent's connecting; of whom nobody was seen to connect to there is none") {
  CHECK(helped(seconds{90}, seconds{60}).waited() == seconds{90});
  auto waiting = facts();
  waiting.came_at = kNoon;
  CHECK_FALSE(waiting.waited());
  auto elsewhere = facts();
  elsewhere.connections = 1;   // by a record; Belay saw nobody
  CHECK_FALSE(elsewhere.waited());
  auto twice = helped(seconds{6 * 3'600}, seconds{60});   // who was away in between
  twice.waiting = seconds{90} + Milliseconds{999};
  CHECK(twice.waited() == seconds{90});
  const auto total = sheet_of({helped(seconds{90}, seconds{60}), waiting, elsewhere}).total;
  CHECK(total.waiting->count == 1);
  CHECK(total.came == 3);
  CHECK(total.connected == 2);
}

TEST_CASE("a session is running, was never made, was joined by nobody, or was joined") {
  auto open = facts();
  open.state = SessionState::open;
  auto failed = facts();
  failed.state = SessionState::failed;
  failed.made = false;
  auto cancelled = facts();
  cancelled.state = SessionState::closed;
  cancelled.made = false;
  auto expired = facts();
  expired.state = SessionState::expired;
  auto nobody = facts();
  nobody.connections = 0;   // the records say so too
  const auto total = sheet_of({open, failed, cancelled, expired, nobody, helped(seconds{1}, seconds{1})}).total;
  CHECK(total.sessions == 6);
  CHECK(total.running == 1);
  CHECK(total.not_made == 2);
  CHECK(total.nobody == 2);
  CHECK(total.came == 1);
  CHECK(total.connected == 1);
}

TEST_CASE("a duration is the provider's; a session without a record has none, and does not count as zero") {
  const auto total = sheet_of({helped(seconds{10}, seconds{600}), helped(seconds{10}, seconds{1'200}), facts()}).total;
  REQUIRE(total.duration);
  CHECK(*total.duration == Spread{.count = 2, .mean = seconds{900}, .median = seconds{900}, .ninetieth = seconds{1'200}, .total = seconds{1'800}});
}

TEST_CASE("ratings are counted, and their mean has two places") {
  auto one = facts();
  one.rating = 5;
  auto two = facts();
  two.rating = 4;
  auto three = facts();
  three.rating = 4;
  const auto total = sheet_of({one, two, three, facts()}).total;
  CHECK(total.ratings == Ratings{.count = 3, .mean = 4.33});
}

TEST_CASE("the middle, the mean and nine of ten") {
  CHECK_FALSE(spread_of({}));
  CHECK(spread_of({7})->median == seconds{7});
  CHECK(spread_of({7})->ninetieth == seconds{7});
  CHECK(spread_of({1, 2})->median == seconds{2});   // 1.5, rounded
  CHECK(spread_of({1, 2, 100})->median == seconds{2});
  CHECK(spread_of({1, 2, 100})->mean == seconds{34});
  CHECK(spread_of({10, 9, 8, 7, 6, 5, 4, 3, 2, 1})->ninetieth == seconds{9});
  CHECK(spread_of({11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1})->ninetieth == seconds{10});
  CHECK(spread_of({0})->mean == seconds{0});
}

TEST_CASE("days are those of the zone: each there once, the last one whole or not") {
  const auto paris = Zone::named("Europe/Paris").value();
  const auto from = *from_iso8601("2026-03-27T23:00:00Z");   // the 28th begins; the 29th has 23 hours
  const Days days{paris, from, *from_iso8601("2026-03-30T06:00:00Z")};
  REQUIRE(days.size() == 3);
  CHECK(days.index_of(from) == 0);
  CHECK(days.index_of(*from_iso8601("2026-03-28T22:59:59.999Z")) == 0);
  CHECK(days.index_of(*from_iso8601("2026-03-28T23:00:00Z")) == 1);
  CHECK(days.index_of(*from_iso8601("2026-03-29T21:59:59Z")) == 1);
  CHECK(days.index_of(*from_iso8601("2026-03-29T22:00:00Z")) == 2);
  CHECK_MESSAGE(Days::count(paris, from, *from_iso8601("2026-03-28T23:00:00Z")) == 1, "the end does not count");
  CHECK(Days::count(Zone{}, kFirst, kFirst + Milliseconds{1}) == 1);
}

TEST_CASE("each group has its own figures, who had most comes first, and what there is to choose from is not filtered") {
  const std::vector all{helped(seconds{10}, seconds{60}, "kim", "OPS-7", kFirst), helped(seconds{20}, seconds{60}, "robin", "HELP-1"),
                        helped(seconds{40}, seconds{60}, "robin", "HELP-22"), facts("ada", "OPS-8")};
  const auto sheet = sheet_of(all);
  REQUIRE(sheet.agents.size() == 3);
  CHECK(sheet.agents[0].first == AccountId{"robin"});
  CHECK(sheet.agents[0].second.waiting->median == seconds{30});
  CHECK_MESSAGE(sheet.agents[1].first == AccountId{"ada"}, "of equal ones by id");
  CHECK_FALSE(sheet.agents[1].second.waiting);
  CHECK(sheet.projects[0].first == ProjectKey{"HELP"});
  CHECK(sheet.projects[1].second.nobody == 1);
  CHECK(sheet.days[0].sessions == 1);
  CHECK(sheet.days[1] == Figures{});
  CHECK(sheet.days[3].sessions == 3);

  const auto filtered = sheet_of(all, {.agent = AccountId{"robin"}, .project = ProjectKey{"HELP"}});
  CHECK(filtered.total.sessions == 2);
  CHECK(filtered.agents.size() == 1);
  CHECK(filtered.all_agents == std::vector{AccountId{"ada"}, AccountId{"kim"}, AccountId{"robin"}});
  CHECK(filtered.all_projects == std::vector{ProjectKey{"HELP"}, ProjectKey{"OPS"}});
  CHECK(sheet_of(all, {.agent = AccountId{"robin"}, .project = ProjectKey{"OPS"}}).total == Figures{});
  CHECK(sheet_of(all, {.project = ProjectKey{"HEL"}}).total == Figures{});
}

TEST_CASE("a project is the key's part before the number") {
  CHECK(project_of(IssueKey{"HELP-12"}) == ProjectKey{"HELP"});
  CHECK(project_of(IssueKey{"A_1-12"}) == ProjectKey{"A_1"});
  CHECK(project_of(IssueKey{"odd"}) == ProjectKey{"odd"});
}

// ---- whatever sessions there are ----

SessionFacts any_facts() {
  auto made = facts(*rc::gen::element<std::string>("ada", "kim", "robin"), *rc::gen::element<std::string>("HELP-1", "HELP-2", "OPS-1"),
                    kFirst + Milliseconds{*rc::gen::inRange<std::int64_t>(0, (kEnd - kFirst).count())});
  made.state = *rc::gen::element(SessionState::intended, SessionState::open, SessionState::customer_present, SessionState::in_progress, SessionState::closed, SessionState::expired,
                                 SessionState::failed, SessionState::reported);
  made.made = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) made.came_at = made.created_at + seconds{*rc::gen::inRange(0, 10'000)};
  if (*rc::gen::arbitrary<bool>()) {
    made.connected_at = made.created_at + seconds{*rc::gen::inRange(0, 10'000)};
    made.waiting = seconds{*rc::gen::inRange(0, 10'000)};
  }
  if (*rc::gen::arbitrary<bool>()) made.connections = *rc::gen::inRange(0, 3);
  if (*rc::gen::arbitrary<bool>()) made.connected = seconds{*rc::gen::inRange(0, 10'000)};
  if (*rc::gen::arbitrary<bool>()) made.rating = *rc::gen::inRange(1, 6);
  return made;
}

std::vector<SessionFacts> any_sessions() {
  std::vector<SessionFacts> all;
  const auto count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) all.push_back(any_facts());
  return all;
}

template <class Groups, class Of>
std::size_t sum(const Groups& groups, Of of) {
  std::size_t all = 0;
  for (const auto& one : groups) all += of(one);
  return all;
}

TEST_CASE("days, agents and projects each add up to the whole, and no figure is larger than what it is part of") {
  CHECK(rc::check("figures add up", [] {
    const auto sheet = sheet_of(any_sessions());
    const auto& total = sheet.total;
    for (const auto part : {&Figures::sessions, &Figures::running, &Figures::not_made, &Figures::nobody, &Figures::came, &Figures::connected}) {
      RC_ASSERT(sum(sheet.days, [&](const Figures& day) { return day.*part; }) == (total.*part));
      RC_ASSERT(sum(sheet.agents, [&](const auto& agent) { return agent.second.*part; }) == (total.*part));
      RC_ASSERT(sum(sheet.projects, [&](const auto& project) { return project.second.*part; }) == (total.*part));
      RC_ASSERT((total.*part) <= total.sessions);
    }
    const auto counted = [](const std::optional<Spread>& spread) { return spread ? spread->count : 0; };
    RC_ASSERT(sum(sheet.days, [&](const Figures& day) { return counted(day.waiting); }) == counted(total.waiting));
    RC_ASSERT(sum(sheet.agents, [&](const auto& agent) { return counted(agent.second.duration); }) == counted(total.duration));
    RC_ASSERT(total.connected <= total.came);
    RC_ASSERT(total.running + total.not_made + total.nobody <= total.sessions);
    RC_ASSERT(counted(total.waiting) <= total.connected);
    RC_ASSERT(std::ranges::is_sorted(sheet.agents, std::ranges::greater{}, [](const auto& agent) { return agent.second.sessions; }));
  }));
}

TEST_CASE("the order in which sessions come does not matter, and a filter is as if there were no others") {
  CHECK(rc::check("order and filter", [] {
    auto all = any_sessions();
    const auto sheet = sheet_of(all);
    std::ranges::reverse(all);
    RC_ASSERT(sheet_of(all).total == sheet.total);
    RC_ASSERT(sheet_of(all).days == sheet.days);
    RC_ASSERT(sheet_of(all).agents == sheet.agents);
    const FactsFilter robin{.agent = AccountId{"robin"}, .project = ProjectKey{"HELP"}};
    auto only = all;
    std::erase_if(only, [](const SessionFacts& one) { return one.agent != AccountId{"robin"} || project_of(one.issue_key) != ProjectKey{"HELP"}; });
    RC_ASSERT(sheet_of(all, robin).total == sheet_of(only).total);
    RC_ASSERT(sheet_of(all, robin).days == sheet_of(only).days);
    RC_ASSERT(sheet_of(all, robin).all_agents == sheet.all_agents);
  }));
}

TEST_CASE("half are not longer than the median, nine of ten not longer than the ninetieth, and both lie between the least and the most") {
  CHECK(rc::check("spread", [] {
    const auto values = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::int32_t>>(rc::gen::inRange(0, 100'000)));
    const auto spread = spread_of(values);
    RC_ASSERT(spread.has_value());
    const auto least = seconds{*std::ranges::min_element(values)};
    const auto most = seconds{*std::ranges::max_element(values)};
    const auto not_longer = [&](seconds than) { return static_cast<std::size_t>(std::ranges::count_if(values, [&](std::int32_t value) { return seconds{value} <= than; })); };
    RC_ASSERT(spread->count == values.size());
    RC_ASSERT(least <= spread->median);
    RC_ASSERT(spread->median <= spread->ninetieth);
    RC_ASSERT(spread->ninetieth <= most);
    RC_ASSERT(least <= spread->mean);
    RC_ASSERT(spread->mean <= most);
    RC_ASSERT(2 * not_longer(spread->median) >= values.size());
    RC_ASSERT(10 * not_longer(spread->ninetieth) >= 9 * values.size());
    RC_ASSERT(10 * not_longer(spread->ninetieth - seconds{1}) < 9 * values.size());
  }));
}

TEST_CASE("of twenty thousand sessions a few numbers each are kept, whatever their texts are") {
  FigureBook book{Days{Zone{}, kFirst, kEnd}, {}};
  constexpr int kMany = 20'000;
  for (int i = 0; i < kMany; ++i) {
    auto one = helped(seconds{i % 600}, seconds{i % 3'600}, "agent " + std::to_string(i % 300), "P" + std::to_string(i % 250) + "-" + std::to_string(i), kFirst + minutes{i % 7'000});
    one.rating = 1 + i % 5;
    book.add(one);
  }
  // Waiting and duration are four bytes each, in the whole, the day, the agent and the project; vectors grow by doubling.
  CHECK(book.held() < kMany * (2 * 4 * sizeof(std::int32_t)) * 2 + 600 * 512);
  const auto sheet = std::move(book).close();
  CHECK(sheet.total.sessions == kMany);
  CHECK(sheet.agents.size() == 300);
  CHECK(sheet.projects.size() == 250);
}

}  // namespace
