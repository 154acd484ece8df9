// Rosters, ties by hand and invitations, on both engines.
#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

const IssueId kIssue{"10001"};
const ProviderName kProvider{"teamviewer"};
const AccountId kAgent{"agent"};
const AccountId kPerson{"person"};

void pair(Bench& bench, const std::string& name) {
  bench.change([&](UnitOfWork& unit) { unit.installations().insert(installation(name)); });
}

// Under a restriction: by comment 1.
ports::RosterAuthor spoke(const std::string& who, int minute, const std::string& restricted_to = {}, const std::string& comment = "1") {
  return {.spoke = {.account = AccountId{who}, .at = kNoon + std::chrono::minutes{minute}}, .restricted_to = restricted_to, .comment = CommentId{comment}};
}

ports::RosterProgress progress(bool complete, std::size_t next, int minute) {
  return {.complete = complete, .next_start = next, .total = next + 1, .top = kNoon, .read_to = kNoon - std::chrono::minutes{1}, .read_at = kNoon + std::chrono::minutes{minute}};
}

// "cleo@9 ana@1 !400" : who spoke when, newest first, and how far it has been read; "." when all of it.
std::string shown(const std::optional<ports::Roster>& roster) {
  if (!roster) return "none";
  std::string text;
  for (const auto& [one, restricted_to, comment] : roster->authors) {
    text += one.account.value + '@' + std::to_string(std::chrono::duration_cast<std::chrono::minutes>(one.at - kNoon).count()) + (restricted_to.empty() ? "" : '/' + restricted_to) + ' ';
  }
  return text + (roster->progress.complete ? "." : "!" + std::to_string(roster->progress.next_start));
}

std::optional<ports::Roster> find(Bench& bench, const std::string& name, const IssueId& issue = kIssue) {
  return bench.read([&](UnitOfWork& unit) { return unit.rosters().find(installation_id(name), issue); });
}

ports::PersonMapping mapping(const std::string& name, const AccountId& person = kPerson) {
  ports::PersonMapping row;
  row.installation = installation_id(name);
  row.person = person;
  row.provider = kProvider;
  row.contact = ContactId{"c7"};
  row.contact_owner = ProviderAccountId{"u1"};
  row.contact_user = ProviderAccountId{"u7"};
  row.contact_name = "\xD9\x8A\xD8\xA7\xD8\xB3\xD9\x85\xD9\x8A\xD9\x86 \xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x80 O'Brien \"x\" :installation";
  row.mapped_by = kAgent;
  row.mapped_by_name = "of " + name;
  row.mapped_at = kNoon;
  return row;
}

ports::ContactInvitation invitation(const std::string& name, const AccountId& agent = kAgent, const AccountId& person = kPerson) {
  return {.installation = installation_id(name), .agent = agent, .person = person, .provider = kProvider, .issue = IssueId{"of " + name}, .asked_at = kNoon, .sent_at = {}, .last_error = {}};
}

void same(const ports::PersonMapping& a, const ports::PersonMapping& b) {
  CHECK(a.installation == b.installation);
  CHECK(a.person == b.person);
  CHECK(a.provider == b.provider);
  CHECK(a.contact == b.contact);
  CHECK(a.contact_owner == b.contact_owner);
  CHECK(a.contact_user == b.contact_user);
  CHECK(a.contact_name == b.contact_name);
  CHECK(a.address == b.address);
  CHECK(a.mapped_by == b.mapped_by);
  CHECK(a.mapped_by_name == b.mapped_by_name);
  CHECK(a.mapped_at == b.mapped_at);
}

}  // namespace

// ---- rosters ----

STORAGE_TEST("a roster comes back as it was written, whoever spoke last first; an issue that was never read has none") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, {spoke("ana", 1), spoke("cleo", 9), spoke("ben", 9)}, progress(false, 400, 10)); });
  CHECK(shown(find(bench, "acme")) == "ben@9 cleo@9 ana@1 !400");
  const auto stored = find(bench, "acme")->progress;
  CHECK(stored.read_at == kNoon + std::chrono::minutes{10});
  CHECK(stored.total == 401);
  CHECK(stored.top == kNoon);
  CHECK(stored.read_to == kNoon - std::chrono::minutes{1});
  CHECK(shown(find(bench, "acme", IssueId{"10002"})) == "none");
  CHECK(shown(find(bench, "nobody")) == "none");
}

STORAGE_TEST("adding keeps the later time of everybody, adds who is new, and replaces how far it was read") {
  pair(bench, "acme");
  const auto add = [&](std::vector<ports::RosterAuthor> authors, ports::RosterProgress how_far) {
    bench.change([&](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, authors, how_far); });
  };
  add({spoke("ana", 5), spoke("ben", 5)}, progress(false, 200, 5));
  add({spoke("ana", 3), spoke("ben", 7), spoke("cleo", 1)}, progress(false, 595, 6));
  CHECK(shown(find(bench, "acme")) == "ben@7 ana@5 cleo@1 !595");
  add({}, progress(true, 990, 7));
  CHECK(shown(find(bench, "acme")) == "ben@7 ana@5 cleo@1 .");
  CHECK(find(bench, "acme")->progress.next_start == 990);
}

STORAGE_TEST("a roster that was begun is none yet, and what is heard meanwhile is in it when it is added") {
  pair(bench, "acme");
  const auto change = [&](auto what) { bench.change([&](UnitOfWork& unit) { what(unit.rosters()); }); };
  change([](auto& rosters) { rosters.begin(installation_id("acme"), kIssue); });
  CHECK(shown(find(bench, "acme")) == "none");
  change([](auto& rosters) {
    rosters.note(installation_id("acme"), kIssue, spoke("cleo", 7, "role:staff"));
    rosters.doubt(installation_id("acme"), kIssue, kNoon + std::chrono::minutes{8});
  });
  CHECK(shown(find(bench, "acme")) == "none");
  change([](auto& rosters) { rosters.add(installation_id("acme"), kIssue, {spoke("ana", 1)}, progress(true, 0, 5)); });
  CHECK(shown(find(bench, "acme")) == "cleo@7/role:staff ana@1 .");
  CHECK(find(bench, "acme")->doubted_at == kNoon + std::chrono::minutes{8});
  change([](auto& rosters) { rosters.begin(installation_id("acme"), kIssue); });
  CHECK(shown(find(bench, "acme")) == "cleo@7/role:staff ana@1 .");
}

STORAGE_TEST("a roster keeps those who spoke last, whoever is added or noted, and says that there were more") {
  pair(bench, "acme");
  const auto kept = [&] { return find(bench, "acme")->authors; };
  std::vector<ports::RosterAuthor> full;
  for (std::size_t n = 0; n < ports::kMostRosterAuthors; ++n) full.push_back(spoke("person-" + std::to_string(n), 1'000 + static_cast<int>(n)));
  const auto add = [&](const std::vector<ports::RosterAuthor>& authors) {
    bench.change([&](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, authors, progress(true, 0, 5)); });
  };
  add(full);
  CHECK(kept().size() == ports::kMostRosterAuthors);
  CHECK_FALSE(find(bench, "acme")->cut);
  add({spoke("early", 1)});
  CHECK(find(bench, "acme")->cut);
  CHECK(kept() == std::vector(full.rbegin(), full.rend()));
  add({spoke("earlier", 0), spoke("late", 9'000)});
  bench.change([&](UnitOfWork& unit) { unit.rosters().note(installation_id("acme"), kIssue, spoke("later", 9'001, "role:staff")); });
  CHECK(kept().size() == ports::kMostRosterAuthors);
  CHECK(kept()[0] == spoke("later", 9'001, "role:staff"));
  CHECK(kept()[1] == spoke("late", 9'000));
  CHECK(kept().back() == full[2]);
  // Who was left out is not kept either.
  const auto is_held = [&](const std::string& who) {
    bool held = false;
    bench.change([&](UnitOfWork& unit) { held = unit.rosters().spoke_again(installation_id("acme"), kIssue, spoke(who, 0)); });
    return held;
  };
  CHECK(is_held("person-1"));   // the one more that says so
  for (const auto* who : {"person-0", "early", "earlier"}) CHECK_FALSE(is_held(who));
}

STORAGE_TEST("a roster without anybody is still a roster") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, {}, progress(true, 200, 0)); });
  CHECK(shown(find(bench, "acme")) == ".");
}

STORAGE_TEST("an event notes who spoke, keeps the later time, and changes nothing else") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, {spoke("ana", 5)}, progress(false, 200, 5)); });
  const auto note = [&](const ports::RosterAuthor& one) { bench.change([&](UnitOfWork& unit) { unit.rosters().note(installation_id("acme"), kIssue, one); }); };
  note(spoke("ben", 6));
  note(spoke("ana", 4));
  note(spoke("ana", 8));
  note(spoke("ana", 8));
  CHECK(shown(find(bench, "acme")) == "ana@8 ben@6 !200");
  CHECK(find(bench, "acme")->progress.read_at == kNoon + std::chrono::minutes{5});
}

STORAGE_TEST("an event on an issue that nobody read leaves nothing behind") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) { unit.rosters().note(installation_id("acme"), kIssue, spoke("ana", 1)); });
  CHECK(shown(find(bench, "acme")) == "none");
  // And not in a later roster either.
  bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, {}, progress(true, 200, 0)); });
  CHECK(shown(find(bench, "acme")) == ".");
}

STORAGE_TEST("somebody stands once for each restriction they wrote under, each with its last comment") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) {
    unit.rosters().add(installation_id("acme"), kIssue, {spoke("ana", 1, "role:1", "11"), spoke("ana", 2), spoke("ana", 3, "group:x", "13")}, progress(true, 0, 0));
    unit.rosters().note(installation_id("acme"), kIssue, spoke("ana", 7, "role:1", "17"));
    unit.rosters().note(installation_id("acme"), kIssue, spoke("ana", 6, "role:1", "16"));
  });
  const auto roster = find(bench, "acme");
  CHECK(shown(roster) == "ana@7/role:1 ana@3/group:x ana@2 .");
  CHECK(roster->authors[0].comment == CommentId{"17"});
  CHECK(roster->authors[1].comment == CommentId{"13"});
}

STORAGE_TEST("speaking again is known of whom everybody sees, and makes nobody older") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) {
    unit.rosters().add(installation_id("acme"), kIssue, {spoke("ana", 5, "", "50"), spoke("ben", 5, "role:1")}, progress(true, 0, 0));
    CHECK(unit.rosters().spoke_again(installation_id("acme"), kIssue, spoke("ana", 9)));
    CHECK(unit.rosters().spoke_again(installation_id("acme"), kIssue, spoke("ana", 8)));
    CHECK_FALSE(unit.rosters().spoke_again(installation_id("acme"), kIssue, spoke("ben", 9)));
    CHECK_FALSE(unit.rosters().spoke_again(installation_id("acme"), kIssue, spoke("cleo", 9)));
    CHECK_FALSE(unit.rosters().spoke_again(installation_id("other"), kIssue, spoke("ana", 9)));
  });
  CHECK(shown(find(bench, "acme")) == "ana@9 ben@5/role:1 .");
  CHECK(find(bench, "acme")->authors[0].comment == CommentId{"1"});   // not the one of minute 5
}

STORAGE_TEST("a comment that is gone takes along whose last one it was, on this issue alone") {
  pair(bench, "acme");
  pair(bench, "other");
  bench.change([](UnitOfWork& unit) {
    for (const auto* name : {"acme", "other"}) unit.rosters().add(installation_id(name), kIssue, {spoke("ana", 5, "", "50"), spoke("ana", 4, "role:1", "40"), spoke("ben", 3, "", "")}, progress(true, 0, 0));
    unit.rosters().forget_comment(installation_id("acme"), kIssue, CommentId{"30"});
    unit.rosters().forget_comment(installation_id("acme"), kIssue, CommentId{});
    CHECK(shown(unit.rosters().find(installation_id("acme"), kIssue)) == "ana@5 ana@4/role:1 ben@3 .");
    unit.rosters().forget_comment(installation_id("acme"), kIssue, CommentId{"50"});
    unit.rosters().forget_comment(installation_id("acme"), IssueId{"10002"}, CommentId{"40"});
  });
  CHECK(shown(find(bench, "acme")) == "ana@4/role:1 ben@3 .");
  CHECK(shown(find(bench, "other")) == "ana@5 ana@4/role:1 ben@3 .");
}

STORAGE_TEST("a doubt is kept beside what was read, also when more is read") {
  pair(bench, "acme");
  pair(bench, "other");
  bench.change([](UnitOfWork& unit) {
    for (const auto* name : {"acme", "other"}) unit.rosters().add(installation_id(name), kIssue, {spoke("ana", 5)}, progress(false, 300, 5));
    unit.rosters().doubt(installation_id("acme"), kIssue, kNoon + std::chrono::minutes{7});
    unit.rosters().doubt(installation_id("acme"), IssueId{"10002"}, kNoon);
  });
  CHECK(find(bench, "acme")->doubted_at == kNoon + std::chrono::minutes{7});
  CHECK(shown(find(bench, "acme")) == "ana@5 !300");
  CHECK(find(bench, "other")->doubted_at == Time{});
  CHECK(shown(find(bench, "acme", IssueId{"10002"})) == "none");
  bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, {}, progress(true, 0, 9)); });
  CHECK(find(bench, "acme")->doubted_at == kNoon + std::chrono::minutes{7});
  CHECK(find(bench, "acme")->progress.read_at == kNoon + std::chrono::minutes{9});
}

STORAGE_TEST("an erased roster leaves no author behind") {
  pair(bench, "acme");
  bench.change([](UnitOfWork& unit) {
    for (const auto* issue : {"10001", "10002"}) unit.rosters().add(installation_id("acme"), IssueId{issue}, {spoke("ana", 1)}, progress(true, 200, 0));
    unit.rosters().erase(installation_id("acme"), kIssue);
    unit.rosters().erase(installation_id("acme"), IssueId{"10003"});
  });
  CHECK(shown(find(bench, "acme")) == "none");
  CHECK(shown(find(bench, "acme", IssueId{"10002"})) == "ana@1 .");
  bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, {}, progress(true, 200, 0)); });
  CHECK(shown(find(bench, "acme")) == ".");
}

STORAGE_TEST("a roster of a thousand comes back whole") {
  pair(bench, "acme");
  std::vector<ports::RosterAuthor> authors;
  for (int n = 0; n < 1'000; ++n) authors.push_back(spoke("person-" + std::to_string(n), n));
  bench.change([&](UnitOfWork& unit) { unit.rosters().add(installation_id("acme"), kIssue, authors, progress(true, 5'000, 0)); });
  const auto roster = find(bench, "acme");
  REQUIRE(roster->authors.size() == 1'000);
  CHECK(roster->authors.front() == authors.back());
  CHECK(roster->authors.back() == authors.front());
}

STORAGE_TEST("a roster that was being written when the unit of work failed is not there") {
  pair(bench, "acme");
  const auto failed = bench.run(static_cast<ports::Storage&>(*bench.database).write<void>([](UnitOfWork& unit) -> Result<void> {
    unit.rosters().add(installation_id("acme"), kIssue, {spoke("ana", 1)}, progress(true, 200, 0));
    return fail("not_found", "as the test says");
  }));
  CHECK(!failed);
  CHECK(shown(find(bench, "acme")) == "none");
}

STORAGE_TEST("nothing is kept about an installation that is not there") {
  CHECK_THROWS(bench.change([](UnitOfWork& unit) { unit.rosters().add(installation_id("nobody"), kIssue, {}, progress(true, 200, 0)); }));
  CHECK_THROWS(bench.change([](UnitOfWork& unit) { unit.mappings().put(mapping("nobody")); }));
  CHECK_THROWS(bench.change([](UnitOfWork& unit) { unit.invitations().put(invitation("nobody")); }));
}

// ---- ties by hand ----

STORAGE_TEST("a tie comes back as it was written, whatever the names are, and a new one replaces all of it") {
  pair(bench, "acme");
  auto row = mapping("acme");
  bench.change([&](UnitOfWork& unit) { unit.mappings().put(row); });
  const auto found = [&] { return bench.read([&](UnitOfWork& unit) { return unit.mappings().find(row.installation, row.person, row.provider); }); };
  REQUIRE(found());
  same(*found(), row);
  row.contact = ContactId{};
  row.contact_owner = row.contact_user = ProviderAccountId{};
  row.contact_name.clear();
  row.address = "ana@xn--bcher-kva.example";
  row.mapped_by = AccountId{"second"};
  row.mapped_by_name = std::string(255, 'n');
  row.mapped_at = kNoon + Milliseconds{1};
  bench.change([&](UnitOfWork& unit) { unit.mappings().put(row); });
  same(*found(), row);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.mappings().all(row.installation, row.provider).size(); }) == 1);
}

STORAGE_TEST("ties are one a person and provider, listed by person, and undone one by one") {
  pair(bench, "acme");
  const auto id = installation_id("acme");
  const ProviderName other{"builtin"};
  bench.change([&](UnitOfWork& unit) {
    for (const auto* person : {"cleo", "ana", "ben"}) unit.mappings().put(mapping("acme", AccountId{person}));
    auto elsewhere = mapping("acme", AccountId{"ana"});
    elsewhere.provider = other;
    unit.mappings().put(elsewhere);
  });
  const auto people = [&](const ProviderName& provider) {
    return bench.read([&](UnitOfWork& unit) {
      std::string text;
      for (const auto& one : unit.mappings().all(id, provider)) text += one.person.value + ' ';
      return text;
    });
  };
  CHECK(people(kProvider) == "ana ben cleo ");
  CHECK(people(other) == "ana ");
  bench.change([&](UnitOfWork& unit) {
    CHECK(unit.mappings().erase(id, AccountId{"ana"}, kProvider));
    CHECK(!unit.mappings().erase(id, AccountId{"ana"}, kProvider));
    CHECK(!unit.mappings().erase(id, AccountId{"nobody"}, kProvider));
  });
  CHECK(people(kProvider) == "ben cleo ");
  CHECK(people(other) == "ana ");
  CHECK(!bench.read([&](UnitOfWork& unit) { return unit.mappings().find(id, AccountId{"ana"}, kProvider); }));
}

// ---- invitations ----

STORAGE_TEST("an invitation comes back as it was written: asked for, sent, given up, asked for again") {
  pair(bench, "acme");
  auto row = invitation("acme");
  const auto found = [&] { return bench.read([&](UnitOfWork& unit) { return unit.invitations().find(row.installation, row.agent, row.person, row.provider); }); };
  const auto put = [&] { bench.change([&](UnitOfWork& unit) { unit.invitations().put(row); }); };
  CHECK(!found());
  put();
  CHECK(found()->issue == row.issue);
  CHECK(found()->asked_at == kNoon);
  CHECK(!found()->sent_at);
  CHECK(!found()->last_error);
  row.sent_at = kNoon + std::chrono::minutes{1};
  put();
  CHECK(found()->sent_at == row.sent_at);
  row.sent_at.reset();
  row.asked_at = kNoon + std::chrono::hours{24};
  row.issue = IssueId{"10002"};
  row.last_error = Error{.code = "provider_refused", .cause = "400 'x'", .detail = {{"said", "no"}}, .retryable = false, .retry_after = Milliseconds{1'500}};
  put();
  REQUIRE(found());
  CHECK(found()->issue == IssueId{"10002"});
  CHECK(found()->asked_at == row.asked_at);
  CHECK(!found()->sent_at);
  CHECK(found()->last_error->code == "provider_refused");
  CHECK(found()->last_error->detail == row.last_error->detail);
  CHECK(found()->last_error->retry_after == Milliseconds{1'500});
  row.last_error.reset();
  put();
  CHECK(!found()->last_error);
}

STORAGE_TEST("invitations are one an agent and person, and go with the agent's link") {
  pair(bench, "acme");
  const auto id = installation_id("acme");
  const AccountId second{"second"};
  bench.change([&](UnitOfWork& unit) {
    for (const auto* person : {"ben", "ana"}) {
      unit.invitations().put(invitation("acme", kAgent, AccountId{person}));
      unit.invitations().put(invitation("acme", second, AccountId{person}));
    }
  });
  const auto of = [&](const AccountId& agent) {
    return bench.read([&](UnitOfWork& unit) {
      std::string text;
      for (const auto& one : unit.invitations().of_agent(id, agent, kProvider)) text += one.person.value + ' ';
      return text;
    });
  };
  CHECK(of(kAgent) == "ana ben ");
  CHECK(of(AccountId{"ana"}).empty());   // the invited one is no agent
  bench.change([&](UnitOfWork& unit) { unit.invitations().erase_of_agent(id, kAgent, ProviderName{"builtin"}); });
  CHECK(of(kAgent) == "ana ben ");
  bench.change([&](UnitOfWork& unit) { unit.invitations().erase_of_agent(id, kAgent, kProvider); });
  CHECK(of(kAgent).empty());
  CHECK(of(second) == "ana ben ");
}

// ---- counting launches ----

STORAGE_TEST("launches are counted by issue and kind, with the last time") {
  pair(bench, "acme");
  pair(bench, "other");
  const auto append = [&](const std::string& id, const std::string& of, const std::string& action, std::optional<IssueId> issue, int minute) {
    bench.change([&](UnitOfWork& unit) {
      unit.audit().append({.id = id, .installation = installation_id(of), .at = kNoon + std::chrono::minutes{minute}, .actor = kAgent, .action = action, .issue = std::move(issue), .session = {},
                           .person = kPerson, .peer = {}, .detail = {}});
    });
  };
  const auto tally = [&] { return bench.read([&](UnitOfWork& unit) { return unit.audit().tally(installation_id("acme"), kIssue, "launched"); }); };
  CHECK(tally().count == 0);
  CHECK(!tally().last);
  append("1", "acme", "launched", kIssue, 5);
  append("2", "acme", "launched", kIssue, 3);
  append("3", "acme", "launched", IssueId{"10002"}, 9);
  append("4", "acme", "contact_invited", kIssue, 9);
  append("5", "acme", "launched", std::nullopt, 9);
  append("6", "other", "launched", kIssue, 9);
  CHECK(tally().count == 2);
  CHECK(tally().last == kNoon + std::chrono::minutes{5});
}

// ---- whose ----

namespace {

void fill(UnitOfWork& unit, const std::string& name) {
  unit.installations().insert(installation(name));
  unit.rosters().add(installation_id(name), kIssue, {spoke("of-" + name, 1)}, progress(false, 200, 1));
  unit.mappings().put(mapping(name));
  unit.invitations().put(invitation(name));
}

void check_untouched(UnitOfWork& unit, const std::string& name) {
  const auto id = installation_id(name);
  CHECK(shown(unit.rosters().find(id, kIssue)) == "of-" + name + "@1 !200");
  REQUIRE(unit.mappings().all(id, kProvider).size() == 1);
  CHECK(unit.mappings().all(id, kProvider)[0].mapped_by_name == "of " + name);
  CHECK(unit.mappings().find(id, kPerson, kProvider)->mapped_by_name == "of " + name);
  REQUIRE(unit.invitations().of_agent(id, kAgent, kProvider).size() == 1);
  CHECK(unit.invitations().of_agent(id, kAgent, kProvider)[0].issue == IssueId{"of " + name});
  CHECK(unit.invitations().find(id, kAgent, kPerson, kProvider)->issue == IssueId{"of " + name});
}

void check_gone(UnitOfWork& unit, const std::string& name) {
  const auto id = installation_id(name);
  CHECK(!unit.rosters().find(id, kIssue));
  CHECK(unit.mappings().all(id, kProvider).empty());
  CHECK(!unit.mappings().find(id, kPerson, kProvider));
  CHECK(unit.invitations().of_agent(id, kAgent, kProvider).empty());
  CHECK(!unit.invitations().find(id, kAgent, kPerson, kProvider));
}

}  // namespace

STORAGE_TEST("two installations with the same keys: neither sees nor changes what the other has about its people") {
  bench.change([](UnitOfWork& unit) {
    fill(unit, "acme");
    fill(unit, "other");
  });
  bench.read([](UnitOfWork& unit) {
    check_untouched(unit, "acme");
    check_untouched(unit, "other");
    check_gone(unit, "nobody");
    return true;
  });
  bench.change([](UnitOfWork& unit) {
    const auto acme = installation_id("acme");
    unit.rosters().add(acme, kIssue, {spoke("of-other", 50), spoke("of-acme", 50)}, progress(true, 9'000, 50));
    unit.rosters().note(acme, kIssue, spoke("of-other", 60));
    unit.rosters().erase(acme, kIssue);
    auto changed = mapping("acme");
    changed.mapped_by_name = "changed";
    unit.mappings().put(changed);
    CHECK(unit.mappings().erase(acme, kPerson, kProvider));
    auto sent = invitation("acme");
    sent.issue = IssueId{"changed"};
    unit.invitations().put(sent);
    unit.invitations().erase_of_agent(acme, kAgent, kProvider);
  });
  bench.read([](UnitOfWork& unit) {
    check_untouched(unit, "other");
    check_gone(unit, "acme");
    return true;
  });
}

STORAGE_TEST("an installation that is erased takes its rosters, ties and invitations along, authors included") {
  bench.change([](UnitOfWork& unit) {
    fill(unit, "acme");
    fill(unit, "other");
  });
  bench.change([](UnitOfWork& unit) { unit.installations().erase(installation_id("acme")); });
  bench.read([](UnitOfWork& unit) {
    check_gone(unit, "acme");
    check_untouched(unit, "other");
    return true;
  });
  const auto connection = bench.outside();
  static constexpr storage::Query kLeft{
      "select installation_id from roster union all select installation_id from roster_author union all select installation_id from person_mapping"
      " union all select installation_id from contact_invitation", 1};
  for (const auto& of : connection->statement(kLeft).rows([](storage::Row& row) { return row.text(); })) CHECK(of == installation_id("other").value);
}

STORAGE_TEST("whatever is stored about the people of an installation is told as a change of it, and nothing else is") {
  pair(bench, "acme");
  std::vector<std::string> changed;
  bench.database->observe_changes([&](const InstallationId& whose) { changed.push_back(whose.value); });
  const auto acme = installation_id("acme");
  const auto tells = [&](auto work) {
    changed.clear();
    bench.change(work);
    return !changed.empty() && changed.front() == acme.value;
  };
  CHECK(tells([&](UnitOfWork& unit) { unit.rosters().add(acme, kIssue, {}, progress(false, 200, 0)); }));
  CHECK(tells([&](UnitOfWork& unit) { unit.rosters().note(acme, kIssue, spoke("ana", 1)); }));
  CHECK(tells([&](UnitOfWork& unit) { unit.mappings().put(mapping("acme")); }));
  CHECK(tells([&](UnitOfWork& unit) { unit.invitations().put(invitation("acme")); }));
  CHECK(tells([&](UnitOfWork& unit) { unit.mappings().erase(acme, kPerson, kProvider); }));
  CHECK(tells([&](UnitOfWork& unit) { unit.invitations().erase_of_agent(acme, kAgent, kProvider); }));
  CHECK(tells([&](UnitOfWork& unit) { unit.rosters().erase(acme, kIssue); }));
  CHECK_FALSE(tells([&](UnitOfWork& unit) { unit.rosters().note(acme, kIssue, spoke("ana", 1)); }));
  bench.database->observe_changes({});
}
