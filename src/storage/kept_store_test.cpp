#include <algorithm>

#include "storage/engines_test.hpp"
#include "support/erasure.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::KeptCount;
using belay::ports::UnitOfWork;

namespace {

const InstallationId kAcme = installation_id("acme");
const InstallationId kOther = installation_id("other");
const AccountId kAgent{"agent"};
const AccountId kCustomer{"customer"};
constexpr std::chrono::hours kDay{24};

support::SupportSession ended(const std::string& name, const std::string& id, int days) {
  auto made = session(name, id);
  made.state = support::SessionState::closed;
  made.ended_at = kNoon + days * kDay;
  return made;
}

ports::AuditEntry entry(const std::string& name, const std::string& id, int days, std::string action = "settings_changed") {
  ports::AuditEntry made;
  made.id = id;
  made.installation = installation_id(name);
  made.at = kNoon + days * kDay;
  made.action = std::move(action);
  return made;
}

ports::ContactInvitation invitation(const std::string& person, int asked, std::optional<int> sent) {
  ports::ContactInvitation made;
  made.installation = kAcme;
  made.agent = kAgent;
  made.person = AccountId{person};
  made.provider = ProviderName{"teamviewer"};
  made.issue = IssueId{"1"};
  made.asked_at = kNoon + asked * kDay;
  if (sent) made.sent_at = kNoon + *sent * kDay;
  return made;
}

ports::PersonMapping mapping(const std::string& person, const std::string& by) {
  ports::PersonMapping made;
  made.installation = kAcme;
  made.person = AccountId{person};
  made.provider = ProviderName{"teamviewer"};
  made.address = "typed@in.example";
  made.mapped_by = AccountId{by};
  made.mapped_by_name = "Name of " + by;
  made.mapped_at = kNoon;
  return made;
}

void set_aside(UnitOfWork& unit, const std::string& kind, const std::string& subject, int days) {
  unit.outbox().put(outbox_row("acme", kind, subject, kNoon));
  for (const auto& row : unit.outbox().claim("test", kNoon + 100 * kDay, Milliseconds{1'000}, 100)) {
    const bool is_it = row.kind == kind && row.subject == subject;
    if (is_it) unit.outbox().set_aside(row.id, "test", kNoon + days * kDay, Error{.code = "x", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}});
    else unit.outbox().again(row.id, "test", row.due_at, std::nullopt);
  }
}

void roster(UnitOfWork& unit, const std::string& issue, int days, const AccountId& author) {
  ports::RosterProgress progress;
  progress.complete = true;
  progress.read_at = kNoon + days * kDay;
  unit.rosters().add(kAcme, IssueId{issue}, {{.spoke = {.account = author, .at = kNoon}, .restricted_to = {}, .comment = CommentId{"1"}}}, progress);
}

void pair(UnitOfWork& unit) {
  unit.installations().insert(installation("acme"));
  unit.installations().insert(installation("other"));
}

std::vector<std::string> values(const std::vector<AccountId>& accounts) {
  std::vector<std::string> found;
  for (const auto& account : accounts) found.push_back(account.value);
  return found;
}

KeptCount erase_all(Bench& bench, Time before, std::size_t most) {
  KeptCount all;
  for (int round = 0; round < 100; ++round) {
    const auto some = bench.write([&](UnitOfWork& unit) { return unit.kept().erase_older(kAcme, before, most); });
    CHECK(some.erased.total() <= static_cast<std::int64_t>(most));
    all += some.erased;
    if (!some.more) return all;
  }
  FAIL("it never ends");
  return all;
}

}  // namespace

STORAGE_TEST("what is too old: sessions that are over with nothing left to do, and the rest by its time; in batches, never another installation's") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    unit.sessions().insert(ended("acme", "old", 1));
    unit.sessions().insert(ended("acme", "young", 20));
    unit.sessions().insert(session("acme", "live"));
    unit.sessions().insert(ended("acme", "waited for", 1));
    unit.outbox().put(outbox_row("acme", "session.report_back", "waited for", kNoon));
    unit.sessions().insert(ended("acme", "given up lately", 1));
    set_aside(unit, "session.close", "given up lately", 15);
    unit.sessions().insert(ended("acme", "given up", 1));
    set_aside(unit, "session.close", "given up", 2);
    set_aside(unit, "session.invite", "live", 2);
    auto open_there = ended("acme", "open there", 1);
    open_there.closing_step = support::Step::failed;
    open_there.valid_until = kNoon + 15 * kDay;
    unit.sessions().insert(open_there);
    unit.sessions().insert(ended("other", "theirs", 1));
    for (int i = 0; i < 7; ++i) unit.audit().append(entry("acme", "a" + std::to_string(i), i));
    unit.audit().append(entry("acme", "told", 3, "retention_erased"));
    unit.audit().append(entry("acme", "new", 11));
    unit.audit().append(entry("other", "b1", 1));
    unit.invitations().put(invitation("long ago", 1, 2));
    unit.invitations().put(invitation("sent again", 1, 12));
    unit.invitations().put(invitation("not sent", 1, std::nullopt));
    unit.invitations().put(invitation("on its way", 1, std::nullopt));
    unit.outbox().put(outbox_row("acme", "contact.invite", "agent|on its way", kNoon));
    roster(unit, "1", 1, kAgent);
    roster(unit, "2", 12, kAgent);
    roster(unit, "3", 1, kAgent);
    unit.outbox().put(outbox_row("acme", "roster.read", "3", kNoon));
    roster(unit, "4", 1, kAgent);
    unit.rosters().doubt(kAcme, IssueId{"4"}, kNoon + 12 * kDay);
    unit.rosters().begin(kAcme, IssueId{"5"});
  });
  const auto before = kNoon + 10 * kDay;
  const KeptCount old{.sessions = 2, .entries = 7, .others = 2 + 1 + 1};
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().older(kAcme, before); }) == old);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().oldest(kAcme); }) == kNoon);
  for (const std::size_t most : {3U}) CHECK(erase_all(bench, before, most) == old);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().older(kAcme, before); }) == KeptCount{});

  const auto is_there = [&](const char* id) { return bench.read([&](UnitOfWork& unit) { return unit.sessions().find(kAcme, SessionId{id}).has_value(); }); };
  CHECK_FALSE(is_there("old"));
  CHECK_FALSE(is_there("given up"));
  for (const auto* id : {"young", "live", "waited for", "given up lately", "open there"}) CHECK_MESSAGE(is_there(id), id);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().find(kOther, SessionId{"theirs"}).has_value(); }));
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.audit().newest(kAcme, 100).size(); }) == 1);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.audit().newest(kOther, 100).size(); }) == 1);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.invitations().of_agent(kAcme, kAgent, ProviderName{"teamviewer"}).size(); }) == 2);
  CHECK_FALSE(bench.read([&](UnitOfWork& unit) { return unit.rosters().find(kAcme, IssueId{"1"}).has_value(); }));
  for (const auto* issue : {"2", "3", "4"}) CHECK(bench.read([&](UnitOfWork& unit) { return unit.rosters().find(kAcme, IssueId{issue}).has_value(); }));
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.outbox().find(kAcme, "session.invite", "live").has_value(); }));
  CHECK_FALSE(bench.read([&](UnitOfWork& unit) { return unit.outbox().find(kAcme, "session.close", "given up").has_value(); }));
}

STORAGE_TEST("how far an erase is can be written down, and goes with the installation") {
  bench.change(pair);
  const ports::Erasure erasure{.installation = kAcme, .subject = {}, .days = 30, .began_at = kNoon, .to_erase = 12, .erased = {.sessions = 1, .entries = 2, .others = 3}, .ended_at = {}};
  bench.change([&](UnitOfWork& unit) { unit.kept().put(erasure); });
  auto read = bench.read([](UnitOfWork& unit) { return unit.kept().erasure(kAcme, {}); });
  REQUIRE(read);
  CHECK(read->days == 30);
  CHECK(read->to_erase == 12);
  CHECK(read->erased == erasure.erased);
  CHECK_FALSE(read->ended_at);
  read->ended_at = kNoon;
  bench.change([&](UnitOfWork& unit) { unit.kept().put(*read); });
  CHECK(bench.read([](UnitOfWork& unit) { return unit.kept().erasure(kAcme, {})->ended_at; }) == kNoon);
  CHECK_FALSE(bench.read([](UnitOfWork& unit) { return unit.kept().erasure(kOther, {}); }));
  bench.change([](UnitOfWork& unit) { unit.installations().erase(kAcme); });
  CHECK_FALSE(bench.read([](UnitOfWork& unit) { return unit.kept().erasure(kAcme, {}); }));
}

STORAGE_TEST("everybody whose id is kept is found, once, page by page, in whatever table they stand") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    auto made = session("acme", "s1");
    made.supporter = AccountId{"b supporter"};
    unit.sessions().insert(made);
    auto acted = entry("acme", "a1", 0);
    acted.actor = AccountId{"c actor"};
    acted.person = AccountId{"d person"};
    unit.audit().append(acted);
    auto erased = entry("acme", "a2", 0);
    erased.actor = AccountId{std::string(support::kErasedAccount)};
    unit.audit().append(erased);
    unit.invitations().put(invitation("e invited", 0, 0));
    unit.mappings().put(mapping("f mapped", "g mapper"));
    unit.links().put(account_link("acme", "h linked"));
    roster(unit, "1", 0, AccountId{"i author"});
    unit.sessions().insert(session("other", "s2"));
    auto theirs = entry("other", "a3", 0);
    theirs.actor = AccountId{"z theirs"};
    unit.audit().append(theirs);
  });
  std::vector<std::string> found;
  AccountId after;
  for (;;) {
    const auto page = bench.read([&](UnitOfWork& unit) { return unit.kept().accounts(kAcme, after, 3, AccountId{"named elsewhere"}); });
    for (const auto& account : values(page)) found.push_back(account);
    if (page.size() < 3) break;
    after = page.back();
  }
  auto expected = std::vector<std::string>{"agent", "customer", "b supporter", "c actor", "d person", "e invited", "f mapped", "g mapper", "h linked", "i author", "named elsewhere", installation("acme").paired_by.value};
  std::ranges::sort(expected);
  std::ranges::sort(found);
  expected.erase(std::ranges::unique(expected).begin(), expected.end());
  CHECK(found == expected);
}

STORAGE_TEST("somebody who was erased takes nobody's place on a page of accounts") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    int n = 0;
    for (const auto* who : {"b", "c", support::kErasedAccount.data(), "x", "y", "z"}) {
      auto acted = entry("acme", "a" + std::to_string(n), n);
      acted.actor = AccountId{who};
      unit.audit().append(acted);
      ++n;
    }
  });
  const auto page = bench.read([&](UnitOfWork& unit) { return unit.kept().accounts(kAcme, AccountId{"b"}, 3, AccountId{}); });
  CHECK(values(page) == std::vector<std::string>{"c", "x", "y"});
}

STORAGE_TEST("an erase that was set aside is not old, whatever else is") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    for (const auto* kind : {"account.erase", "account.refresh"}) {
      unit.outbox().put(outbox_row("acme", kind, "agent", kNoon));
      const auto claimed = unit.outbox().claim("w", kNoon, Milliseconds{1'000}, 1);
      unit.outbox().set_aside(claimed.front().id, "w", kNoon, Error{.code = "storage_unavailable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}});
    }
    unit.kept().put(ports::Erasure{.installation = kAcme, .subject = "agent", .days = 0, .began_at = kNoon, .to_erase = 1, .erased = {}, .ended_at = {}});
    unit.kept().put(ports::Erasure{.installation = kAcme, .subject = "", .days = 1, .began_at = kNoon, .to_erase = 1, .erased = {}, .ended_at = {}});
  });
  const auto later = kNoon + std::chrono::days{2};
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().older(kAcme, later).others; }) == 1);
  bench.change([&](UnitOfWork& unit) { unit.kept().erase_older(kAcme, later, 10); });
  bench.read([](UnitOfWork& unit) {
    CHECK(unit.outbox().find(kAcme, "account.erase", "agent"));
    CHECK_FALSE(unit.outbox().find(kAcme, "account.refresh", "agent"));
    CHECK(unit.kept().being_erased(kAcme) == std::vector{AccountId{"agent"}});
    CHECK(unit.kept().being_erased(kOther).empty());
    return true;
  });
}

STORAGE_TEST("what is kept of one account is counted, read and taken out, and nobody else's") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    unit.sessions().insert(session("acme", "s1"));   // agent, customer
    auto joined = session("acme", "s2");
    joined.creator = joined.supporter = AccountId{"somebody"};
    joined.customer.account.reset();
    joined.joined_by = {{.account = kAgent, .name = "Alex"}};
    unit.sessions().insert(joined);
    auto before = session("acme", "s3");
    before.creator = before.supporter = AccountId{"somebody"};
    before.presses.push_back({.supporter = {.account = kAgent, .name = "Alex"}, .waiting = false, .first = false, .at = {}});
    unit.sessions().insert(before);
    auto alike = session("acme", "s4");   // "_" is any letter to "like"
    alike.creator = alike.supporter = AccountId{"agenx"};
    alike.joined_by = {{.account = AccountId{"agenx"}, .name = "X"}};
    unit.sessions().insert(alike);
    for (int i = 0; i < 5; ++i) {
      auto acted = entry("acme", "a" + std::to_string(i), i);
      acted.actor = kAgent;
      if (i == 0) acted.person = kAgent;
      unit.audit().append(acted);
    }
    auto by_rule = entry("acme", "r1", 6, "session_created");
    by_rule.actor = AccountId{"rule"};
    by_rule.detail = {{"supporter", "agent"}};
    unit.audit().append(by_rule);
    unit.invitations().put(invitation("p1", 0, 0));
    unit.invitations().put(invitation("p2", 0, 0));
    unit.mappings().put(mapping("agent", "boss"));
    unit.mappings().put(mapping("customer", "agent"));
    roster(unit, "1", 0, kAgent);
    roster(unit, "2", 0, kAgent);
    roster(unit, "2", 0, kCustomer);
  });
  const auto of = [&](const AccountId& account) { return bench.read([&](UnitOfWork& unit) { return unit.kept().of_account(kAcme, account); }); };
  const auto agent = of(kAgent);
  CHECK(agent.sessions == 3);
  CHECK(agent.entries == 6);
  CHECK(agent.mappings == 2);
  CHECK(agent.invitations == 2);
  CHECK(agent.issues == 2);
  CHECK(of(AccountId{"agen_"}).total() == 0);
  CHECK(of(AccountId{"%"}).total() == 0);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().of_account(kOther, kAgent); }).total() == 0);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().invitations_of(kAcme, kAgent, false, AccountId{"p1"}, 10); }).front().person.value == "p2");
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().invitations_of(kAcme, AccountId{"p1"}, true, {}, 10); }).size() == 1);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.kept().comments_of(kAcme, kAgent, IssueId{"1"}, 10); }).front().issue.value == "2");

  const auto page = bench.read([&](UnitOfWork& unit) { return unit.audit().naming(kAcme, kAgent, std::nullopt, 2); });
  REQUIRE(page.size() == 2);
  const ports::AuditPlace place{.at = page.back().at, .id = page.back().id};
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.audit().naming(kAcme, kAgent, place, 10); }).size() == 4);

  const auto take_out = [&] { return bench.write([](UnitOfWork& unit) { return unit.audit().take_out(kAcme, kAgent, 4); }); };
  std::size_t taken = take_out();
  CHECK(taken == 4);
  for (auto more = take_out(); more > 0; more = take_out()) taken += more;
  CHECK(taken == 6);
  const auto entries = bench.read([](UnitOfWork& unit) { return unit.audit().newest(kAcme, 100); });
  CHECK(entries.size() == 6);
  CHECK(entries.front().actor->value == "rule");
  CHECK(json::string_at(entries.front().detail, "supporter") == "erased");
  CHECK(entries.back().person->value == "erased");

  while (bench.write([](UnitOfWork& unit) { return unit.kept().erase_rows_of(kAcme, kAgent, 1); }) > 0) {}
  bench.change([](UnitOfWork& unit) { unit.kept().erase_traces_of(kAcme, kAgent); });
  const auto left = of(kAgent);
  CHECK(left.mappings == 0);
  CHECK(left.invitations == 0);
  CHECK(left.issues == 0);
  const auto tied = bench.read([](UnitOfWork& unit) { return unit.mappings().find(kAcme, kCustomer, ProviderName{"teamviewer"}); });
  REQUIRE(tied);
  CHECK(tied->mapped_by.value == "erased");
  CHECK(tied->mapped_by_name.empty());
  CHECK(of(kCustomer).issues == 1);
}

STORAGE_TEST("the last traces of an account: tokens, keys, dances, what waits for it") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    unit.installations().keep_user_token(kAcme, kAgent, {.secret = "t", .expires_at = kNoon});
    unit.installations().keep_user_token(kAcme, kCustomer, {.secret = "t", .expires_at = kNoon});
    unit.sessions().insert_keyed(kAcme, kAgent, "key", {.body_hash = "h", .session = SessionId{"s1"}}, kNoon + kDay);
    unit.outbox().put(outbox_row("acme", "account.poll", "agent", kNoon));
    unit.outbox().put(outbox_row("acme", "account.poll", "customer", kNoon));
    unit.outbox().put(outbox_row("acme", "contact.invite", "agent|p1", kNoon));
    unit.outbox().put(outbox_row("acme", "contact.invite", "p1|agent", kNoon));
    unit.outbox().put(outbox_row("acme", "contact.invite", "p1|agents", kNoon));
    auto acme = *unit.installations().find(kAcme);
    acme.paired_by = kAgent;
    acme.paired_by_name = "Alex";
    unit.installations().update(acme);
    unit.kept().erase_traces_of(kAcme, kAgent);
  });
  bench.read([](UnitOfWork& unit) {
    CHECK_FALSE(unit.installations().user_token(kAcme, kAgent));
    CHECK(unit.installations().user_token(kAcme, kCustomer));
    CHECK_FALSE(unit.sessions().keyed(kAcme, kAgent, "key", kNoon));
    CHECK_FALSE(unit.outbox().find(kAcme, "account.poll", "agent"));
    CHECK(unit.outbox().find(kAcme, "account.poll", "customer"));
    CHECK_FALSE(unit.outbox().find(kAcme, "contact.invite", "agent|p1"));
    CHECK_FALSE(unit.outbox().find(kAcme, "contact.invite", "p1|agent"));
    CHECK(unit.outbox().find(kAcme, "contact.invite", "p1|agents"));
    CHECK(unit.installations().find(kAcme)->paired_by.value == "erased");
    CHECK(unit.installations().find(kAcme)->paired_by_name.empty());
    return true;
  });
}

STORAGE_TEST("reports to Atlassian: who is listed, whose turn it is, and who was erased since") {
  using Listed = ports::KeptStore::Listed;
  const auto listed = [](const char* id) { return Listed{.account = AccountId{id}, .hash = std::string("hash of ") + id}; };
  bench.change([&](UnitOfWork& unit) {
    pair(unit);
    unit.kept().list(kAcme, {}, AccountId{"m"}, {listed("a"), listed("b"), listed("m")}, kNoon);
    unit.kept().list(kAcme, AccountId{"m"}, {}, {listed("x")}, kNoon + kDay);
    unit.kept().list(kOther, {}, {}, {listed("theirs")}, kNoon);
  });
  const auto due = [&](Time not_since, std::size_t most) {
    std::vector<std::string> found;
    for (const auto& stored : bench.read([&](UnitOfWork& unit) { return unit.kept().due(kAcme, not_since, most); })) found.push_back(stored.account.value);
    return found;
  };
  using Ids = std::vector<std::string>;
  CHECK(due(kNoon, 3) == Ids{"a", "b", "m"});
  bench.change([&](UnitOfWork& unit) {
    for (const auto* id : {"a", "b"}) unit.kept().note_reported(kAcme, AccountId{id}, kNoon);
    unit.kept().note_fetched(kAcme, AccountId{"x"}, kNoon + 2 * kDay);
  });
  CHECK(due(kNoon - kDay, 10) == Ids{"m", "x"});
  CHECK(due(kNoon, 10) == Ids{"m", "x", "a", "b"});
  CHECK(bench.read([](UnitOfWork& unit) { return unit.kept().due(kAcme, kNoon, 10).at(1).fetched_at; }) == kNoon + 2 * kDay);
  // What is listed again keeps what is known of it; what is not, goes.
  bench.change([&](UnitOfWork& unit) { unit.kept().list(kAcme, {}, AccountId{"m"}, {listed("a"), listed("c")}, kNoon + 3 * kDay); });
  CHECK(due(kNoon - kDay, 10) == Ids{"c", "x"});
  CHECK(bench.read([](UnitOfWork& unit) { return unit.kept().listed(kAcme); }) == 3);
  // Erased after it was reported: listed again, it is not due before its cycle is over.
  bench.change([&](UnitOfWork& unit) {
    unit.kept().note_erased(kAcme, listed("a"));
    unit.kept().note_erased(kAcme, listed("x"));   // never reported: nothing to remember
    unit.kept().list(kAcme, {}, {}, {}, kNoon);
    unit.kept().list(kAcme, {}, {}, {listed("a"), listed("x")}, kNoon);
  });
  CHECK(due(kNoon - kDay, 10) == Ids{"x"});
  bench.change([&](UnitOfWork& unit) {
    unit.kept().forget_erased(kAcme, kNoon + kDay);
    unit.kept().list(kAcme, {}, {}, {}, kNoon);
    unit.kept().list(kAcme, {}, {}, {listed("a")}, kNoon);
  });
  CHECK(due(kNoon - kDay, 10) == Ids{"a"});

  CHECK_FALSE(bench.read([](UnitOfWork& unit) { return unit.kept().report(kAcme); }));
  ports::AccountReport report{.listed_at = kNoon, .reported_at = kNoon, .cycle_days = 8, .last_error = Error{.code = "account_reports_refused", .cause = {}, .detail = {{"status", 403}}, .retryable = false, .retry_after = {}}};
  bench.change([&](UnitOfWork& unit) { unit.kept().put(kAcme, report); });
  const auto read = bench.read([](UnitOfWork& unit) { return unit.kept().report(kAcme); });
  REQUIRE(read);
  CHECK(read->cycle_days == 8);
  CHECK(read->last_error->code == "account_reports_refused");
}

STORAGE_TEST("a new name is put wherever one is kept") {
  bench.change([](UnitOfWork& unit) {
    pair(unit);
    unit.links().put(account_link("acme", "agent"));
    unit.mappings().put(mapping("customer", "agent"));
    unit.kept().rename(kAcme, kAgent, "Alex Anew");
  });
  bench.read([](UnitOfWork& unit) {
    CHECK(unit.links().all(kAcme).front().account_name == "Alex Anew");
    CHECK(unit.mappings().find(kAcme, kCustomer, ProviderName{"teamviewer"})->mapped_by_name == "Alex Anew");
    return true;
  });
}
