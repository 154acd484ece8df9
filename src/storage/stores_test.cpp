#include "storage/engines_test.hpp"

using namespace belay;
using namespace belay::storage::testing;
using belay::ports::UnitOfWork;

namespace {

void pair(Bench& bench, const std::string& name) {
  bench.change([&](UnitOfWork& unit) { unit.installations().insert(installation(name)); });
}

}  // namespace

STORAGE_TEST("an installation comes back as it was written, and an update changes all of it") {
  auto row = installation("acme");
  bench.change([&](UnitOfWork& unit) { unit.installations().insert(row); });
  row.site_url = "https://other.example";
  row.leaving_since = kNoon + Milliseconds{1};
  row.last_tick_at = kNoon + Milliseconds{2};
  row.app_token_received_at = kNoon + Milliseconds{3};
  row.app_token_expires_at = kNoon + Milliseconds{4};
  bench.change([&](UnitOfWork& unit) { unit.installations().update(row); });
  const auto found = bench.read([&](UnitOfWork& unit) { return unit.installations().find(row.id); });
  REQUIRE(found);
  CHECK(found->id == row.id);
  CHECK(found->cloud_id == row.cloud_id);
  CHECK(found->site_url == row.site_url);
  CHECK(found->api_base_url == row.api_base_url);
  CHECK(found->app_id == row.app_id);
  CHECK(found->environment_id == row.environment_id);
  CHECK(found->paired_at == row.paired_at);
  CHECK(found->paired_by == row.paired_by);
  CHECK(found->paired_by_name == row.paired_by_name);
  CHECK(found->leaving_since == row.leaving_since);
  CHECK(found->app_token_received_at == row.app_token_received_at);
  CHECK(found->app_token_expires_at == row.app_token_expires_at);
  CHECK(found->last_tick_at == row.last_tick_at);
  CHECK(!bench.read([&](UnitOfWork& unit) { return unit.installations().find(installation_id("nobody")); }));
}

STORAGE_TEST("a system token that came before the pairing is known afterwards, with its age") {
  const auto id = installation_id("acme");
  bench.change([&](UnitOfWork& unit) {
    unit.installations().keep_system_token(id, {.secret = "system one", .expires_at = kNoon + std::chrono::hours{1}}, kNoon);
  });
  pair(bench, "acme");
  auto found = bench.read([&](UnitOfWork& unit) { return unit.installations().find(id); });
  CHECK(found->app_token_received_at == kNoon);
  CHECK(found->app_token_expires_at == kNoon + std::chrono::hours{1});
  bench.change([&](UnitOfWork& unit) {
    unit.installations().keep_system_token(id, {.secret = "system two", .expires_at = kNoon + std::chrono::hours{2}}, kNoon + std::chrono::minutes{5});
  });
  found = bench.read([&](UnitOfWork& unit) { return unit.installations().find(id); });
  CHECK(found->app_token_received_at == kNoon + std::chrono::minutes{5});
  CHECK(found->app_token_expires_at == kNoon + std::chrono::hours{2});
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.installations().system_token(id); })->secret == "system two");
}

STORAGE_TEST("tokens belong to one installation and one account, and those that ended are forgotten") {
  const auto acme = installation_id("acme");
  const auto other = installation_id("other");
  const AccountId agent{"agent"};
  bench.change([&](UnitOfWork& unit) {
    unit.installations().keep_user_token(acme, agent, {.secret = "of acme", .expires_at = kNoon});
    unit.installations().keep_user_token(other, agent, {.secret = "of other", .expires_at = kNoon + Milliseconds{1}});
    unit.installations().keep_system_token(acme, {.secret = "system", .expires_at = kNoon}, kNoon);
  });
  bench.change([&](UnitOfWork& unit) {
    CHECK(unit.installations().user_token(acme, agent)->secret == "of acme");
    CHECK(unit.installations().user_token(acme, agent)->expires_at == kNoon);
    CHECK(unit.installations().user_token(other, agent)->secret == "of other");
    CHECK(!unit.installations().user_token(acme, AccountId{"someone"}));
    CHECK(!unit.installations().system_token(other));
    CHECK(unit.installations().erase_expired_tokens(kNoon) == 0);
    CHECK(unit.installations().erase_expired_tokens(kNoon + Milliseconds{1}) == 2);
    CHECK(!unit.installations().user_token(acme, agent));
    CHECK(!unit.installations().system_token(acme));
    CHECK(unit.installations().user_token(other, agent));
  });
}

STORAGE_TEST("a pairing code keeps its site and works once") {
  bench.change([&](UnitOfWork& unit) { unit.installations().insert_pairing_code("hash", "https://acme.example", kNoon); });
  bench.change([&](UnitOfWork& unit) {
    const auto code = unit.installations().pairing_code("hash");
    REQUIRE(code);
    CHECK(code->site_url == "https://acme.example");
    CHECK(code->expires_at == kNoon);
    CHECK(!code->used_at);
    CHECK(!unit.installations().pairing_code("other"));
    CHECK(unit.installations().use_pairing_code("hash", kNoon));
    CHECK(!unit.installations().use_pairing_code("hash", kNoon));
    CHECK(!unit.installations().use_pairing_code("other", kNoon));
    CHECK(unit.installations().pairing_code("hash")->used_at == kNoon);
  });
}

STORAGE_TEST("wrong pairing tries are kept for each installation, with their times, and told since a moment") {
  const auto acme = installation_id("acme");
  bench.change([&](UnitOfWork& unit) {
    unit.installations().note_failed_pairing(acme, kNoon);
    unit.installations().note_failed_pairing(acme, kNoon);
    unit.installations().note_failed_pairing(acme, kNoon + std::chrono::minutes{10});
    unit.installations().note_failed_pairing(installation_id("other"), kNoon);
    const auto later = kNoon + std::chrono::minutes{10};
    CHECK(unit.installations().failed_pairings(acme, kNoon) == std::vector{kNoon, kNoon, later});
    CHECK(unit.installations().failed_pairings(acme, kNoon + Milliseconds{1}) == std::vector{later});
    CHECK(unit.installations().failed_pairings(installation_id("other"), kNoon) == std::vector{kNoon});
    CHECK(unit.installations().failed_pairings(installation_id("nobody"), kNoon).empty());
  });
}

STORAGE_TEST("an account link comes back as it was written, tokens opened, and is replaced by the same account") {
  pair(bench, "acme");
  auto row = account_link("acme", "agent");
  bench.change([&](UnitOfWork& unit) { unit.links().put(row); });
  row.grant.access_token = "refreshed";
  row.expired = true;
  row.ending_since = kNoon + Milliseconds{7};
  row.at_provider.licence = {.type = "Free", .active = true, .paid = false};
  bench.change([&](UnitOfWork& unit) { unit.links().put(row); });
  bench.read([&](UnitOfWork& unit) {
    CHECK(unit.links().all(row.installation).size() == 1);
    const auto found = unit.links().find(row.installation, row.id);
    REQUIRE(found);
    CHECK(unit.links().find(row.installation, row.account, row.provider)->id == row.id);
    CHECK(found->account == row.account);
    CHECK(found->account_name == row.account_name);
    CHECK(found->provider == row.provider);
    CHECK(found->at_provider.id == row.at_provider.id);
    CHECK(found->at_provider.name == row.at_provider.name);
    CHECK(found->at_provider.email == row.at_provider.email);
    CHECK(found->at_provider.company == row.at_provider.company);
    CHECK(found->at_provider.picture == row.at_provider.picture);
    CHECK(found->at_provider.licence == row.at_provider.licence);
    CHECK(found->grant.access_token == "refreshed");
    CHECK(found->grant.refresh_token == row.grant.refresh_token);
    CHECK(found->grant.expires_at == row.grant.expires_at);
    CHECK(found->linked_at == row.linked_at);
    CHECK(found->checked_at == row.checked_at);
    CHECK(found->expired);
    CHECK(found->ending_since == row.ending_since);
    CHECK(found->group_name == "Jira");
    CHECK(found->group_id == "g1");
    return true;
  });
  bench.change([&](UnitOfWork& unit) { unit.links().erase(row.installation, row.id); });
  CHECK(!bench.read([&](UnitOfWork& unit) { return unit.links().find(row.installation, row.id); }));
}

STORAGE_TEST("a link's second grant comes and goes beside the first, and knows its registration") {
  pair(bench, "acme");
  auto row = account_link("acme", "agent");
  const auto put_and_find = [&] {
    bench.change([&](UnitOfWork& unit) { unit.links().put(row); });
    return bench.read([&](UnitOfWork& unit) { return unit.links().find(row.installation, row.id); }).value();
  };
  CHECK(!put_and_find().reports);
  row.reports = ports::ReportsGrant{.grant = {.access_token = "reports-access", .refresh_token = "", .expires_at = kNoon + Milliseconds{1}, .registration = ports::Registration::reports},
                                    .since = kNoon, .expired = true};
  const auto allowed = put_and_find();
  REQUIRE(allowed.reports);
  CHECK(allowed.reports->grant.access_token == "reports-access");
  CHECK(allowed.reports->grant.refresh_token.empty());
  CHECK(allowed.reports->grant.expires_at == kNoon + Milliseconds{1});
  CHECK(allowed.reports->grant.registration == ports::Registration::reports);
  CHECK(allowed.reports->since == kNoon);
  CHECK(allowed.reports->expired);
  CHECK(allowed.grant.registration == ports::Registration::base);
  CHECK(allowed.grant.access_token == row.grant.access_token);
  row.reports.reset();
  CHECK(!put_and_find().reports);
}

STORAGE_TEST("a link attempt and a parked grant know the registration that was asked for") {
  pair(bench, "acme");
  bench.change([&](UnitOfWork& unit) {
    unit.links().insert_attempt({.state_hash = "state", .installation = installation_id("acme"), .account = AccountId{"agent"}, .code_verifier = "v", .return_url = "",
                                 .expires_at = kNoon, .registration = ports::Registration::reports});
    unit.links().park({.token_hash = "token", .installation = installation_id("acme"), .account = AccountId{"agent"},
                       .grant = {.access_token = "a", .refresh_token = "r", .expires_at = kNoon, .registration = ports::Registration::reports},
                       .at_provider = account_link("acme", "agent").at_provider, .expires_at = kNoon});
  });
  bench.change([&](UnitOfWork& unit) {
    CHECK(unit.links().attempt("state")->registration == ports::Registration::reports);
    CHECK(unit.links().take_attempt("state")->registration == ports::Registration::reports);
    CHECK(unit.links().parked("token")->grant.registration == ports::Registration::reports);
    CHECK(unit.links().take_parked("token")->grant.registration == ports::Registration::reports);
  });
}

STORAGE_TEST("a link attempt and a parked grant are taken once") {
  pair(bench, "acme");
  const ports::LinkAttempt attempt{.state_hash = "state", .installation = installation_id("acme"), .account = AccountId{"agent"},
                                   .code_verifier = "verifier", .return_url = "https://acme.example/me", .expires_at = kNoon};
  ports::ParkedGrant parked{.token_hash = "token", .installation = installation_id("acme"), .account = AccountId{"agent"},
                            .grant = {.access_token = "a", .refresh_token = "r", .expires_at = kNoon}, .at_provider = account_link("acme", "agent").at_provider,
                            .expires_at = kNoon + std::chrono::minutes{5}};
  bench.change([&](UnitOfWork& unit) {
    unit.links().insert_attempt(attempt);
    unit.links().park(parked);
  });
  bench.change([&](UnitOfWork& unit) {
    CHECK(unit.links().attempt("state")->code_verifier == "verifier");
    const auto taken = unit.links().take_attempt("state");
    REQUIRE(taken);
    CHECK(taken->installation == attempt.installation);
    CHECK(taken->account == attempt.account);
    CHECK(taken->code_verifier == "verifier");
    CHECK(taken->return_url == attempt.return_url);
    CHECK(taken->expires_at == kNoon);
    CHECK(!unit.links().take_attempt("state"));
    CHECK(!unit.links().attempt("state"));

    CHECK(unit.links().parked("token")->grant.access_token == "a");
    REQUIRE(unit.links().all_parked(parked.installation).size() == 1);
    CHECK(unit.links().all_parked(parked.installation).front().grant.access_token == "a");
    CHECK(unit.links().all_parked(installation_id("other")).empty());
    const auto grant = unit.links().take_parked("token");
    REQUIRE(grant);
    CHECK(grant->installation == parked.installation);
    CHECK(grant->account == parked.account);
    CHECK(grant->grant.refresh_token == "r");
    CHECK(grant->grant.expires_at == kNoon);
    CHECK(grant->at_provider.email == parked.at_provider.email);
    CHECK(grant->expires_at == parked.expires_at);
    CHECK(!unit.links().take_parked("token"));
    CHECK(!unit.links().parked("token"));
  });
}

STORAGE_TEST("attempts that are over are erased, parked grants are left to their outbox rows") {
  pair(bench, "acme");
  bench.change([&](UnitOfWork& unit) {
    for (const auto* state : {"early", "late"}) {
      unit.links().insert_attempt({.state_hash = state, .installation = installation_id("acme"), .account = AccountId{"agent"}, .code_verifier = "v",
                                   .return_url = "", .expires_at = state == std::string("early") ? kNoon : kNoon + std::chrono::hours{1}});
    }
    unit.links().park({.token_hash = "token", .installation = installation_id("acme"), .account = AccountId{"agent"},
                       .grant = {.access_token = "a", .refresh_token = "r", .expires_at = kNoon}, .at_provider = {}, .expires_at = kNoon});
    CHECK(unit.links().erase_expired_attempts(kNoon + Milliseconds{1}) == 1);
    CHECK(!unit.links().attempt("early"));
    CHECK(unit.links().attempt("late"));
    CHECK(unit.links().parked("token"));
  });
}

STORAGE_TEST("a support session comes back as it was written, at its birth and at its end") {
  pair(bench, "acme");
  auto row = session("acme", "s1");
  row.last_error = Error{.code = "provider_unreachable", .cause = "time-out", .detail = {{"maybe_done", true}}, .retryable = true, .retry_after = Milliseconds{1500}};
  bench.change([&](UnitOfWork& unit) { unit.sessions().insert(row); });
  const auto same = [&](const support::SupportSession& found) {
    CHECK(found.id == row.id);
    CHECK(found.installation == row.installation);
    CHECK(found.issue == row.issue);
    CHECK(found.issue_key == row.issue_key);
    CHECK(found.provider == row.provider);
    CHECK(found.creator == row.creator);
    CHECK(found.creator_name == row.creator_name);
    CHECK(found.supporter == row.supporter);
    CHECK(found.supporter_name == row.supporter_name);
    CHECK(found.customer == row.customer);
    CHECK(found.description == row.description);
    CHECK(found.invitation == row.invitation);
    CHECK(found.language == row.language);
    CHECK(found.state == row.state);
    CHECK(found.created_at == row.created_at);
    CHECK(found.valid_until == row.valid_until);
    CHECK(found.ended_at == row.ended_at);
    CHECK(found.made == row.made);
    CHECK(found.comment == row.comment);
    CHECK(found.session_step == row.session_step);
    CHECK(found.invitation_step == row.invitation_step);
    CHECK(found.closing_step == row.closing_step);
    CHECK(found.notice_step == row.notice_step);
    CHECK(found.provider_asked == row.provider_asked);
    CHECK(found.comment_asked == row.comment_asked);
    CHECK(found.last_error.has_value() == row.last_error.has_value());
    CHECK(found.notes == row.notes);
    CHECK(found.joined_by == row.joined_by);
    CHECK(found.presses == row.presses);
    CHECK(found.customer_since == row.customer_since);
    CHECK(found.first_came_at == row.first_came_at);
    CHECK(found.first_connected_at == row.first_connected_at);
    CHECK(found.waited == row.waited);
    CHECK(found.sendings == row.sendings);
    CHECK(found.invited_at == row.invited_at);
    CHECK(found.replaces == row.replaces);
    CHECK(found.replaced_by == row.replaced_by);
    CHECK(found.notes_at_provider == row.notes_at_provider);
    CHECK(found.waiting_told == row.waiting_told);
    CHECK(found.report == row.report);
    CHECK(found.report_step == row.report_step);
    CHECK(found.report_comment == row.report_comment);
    CHECK(found.report_asked == row.report_asked);
    CHECK(found.worklog == row.worklog);
    CHECK(found.worklog_asked == row.worklog_asked);
    CHECK(found.version == row.version);
  };
  const auto find = [&] { return bench.read([&](UnitOfWork& unit) { return unit.sessions().find(row.installation, row.id); }); };
  auto found = find();
  REQUIRE(found);
  same(*found);
  CHECK(found->last_error->code == "provider_unreachable");
  CHECK(found->last_error->cause == "time-out");
  CHECK(found->last_error->detail == row.last_error->detail);
  CHECK(found->last_error->retryable);
  CHECK(found->last_error->retry_after == Milliseconds{1500});

  row.state = support::SessionState::closed;
  row.ended_at = kNoon + std::chrono::hours{1};
  row.made = support::ProviderSide{.code = SessionCode{"s12-345-678"}, .customer_link = "https://get.example/s12", .created_at = kNoon + Milliseconds{5}};
  row.comment = CommentId{"20001"};
  row.supporter = AccountId{"second"};
  row.supporter_name = "Söphie \xF0\x9F\x8C\xB7";
  row.presses = {{.supporter = {.account = AccountId{"third"}, .name = "Ada"}, .waiting = true, .first = true, .at = kNoon, .there_since = Milliseconds{7}}, {.supporter = {.account = AccountId{"fourth"}, .name = "Bo"}, .waiting = false, .first = false, .at = kNoon}};
  row.customer_since = kNoon + Milliseconds{1};
  row.first_came_at = kNoon + Milliseconds{2};
  row.first_connected_at = kNoon + Milliseconds{3};
  row.waited = Milliseconds{1};
  row.sendings = 2;
  row.invited_at = kNoon + Milliseconds{4};
  row.replaces = SessionId{"earlier"};
  row.replaced_by = SessionId{"later"};
  row.notes_at_provider = "noted";
  row.waiting_told = row.report_asked = row.worklog_asked = true;
  row.report = support::sum_up({{.start = kNoon, .end = kNoon + Milliseconds{61'000}, .supporter = "Ada", .notes = "n", .rating = 5, .customer_comment = "c"}}, "");
  row.report_step = support::Step::done;
  row.report_comment = CommentId{"20002"};
  row.worklog = WorklogId{"30001"};
  row.joined_by = {{.account = AccountId{"third"}, .name = "\"Ada\" \xF0\x9F\x8C\xB7"}, {.account = AccountId{"fourth"}, .name = ""}};
  row.customer = {.account = std::nullopt, .name = "Typed In", .email = "typed@example.com"};
  row.invitation = support::Invitation::internal;
  row.session_step = row.invitation_step = row.closing_step = support::Step::done;
  row.notice_step = support::Step::failed;
  row.provider_asked = row.comment_asked = true;
  row.last_error.reset();
  row.notes = "cable";
  CHECK(bench.write([&](UnitOfWork& unit) { return unit.sessions().update(row); }));
  CHECK(row.version == 1);
  same(*find());
}

STORAGE_TEST("an update of a session that somebody else wrote first is refused") {
  pair(bench, "acme");
  auto mine = session("acme", "s1");
  bench.change([&](UnitOfWork& unit) { unit.sessions().insert(mine); });
  auto theirs = mine;
  theirs.notes = "theirs";
  mine.notes = "mine";
  CHECK(bench.write([&](UnitOfWork& unit) { return unit.sessions().update(theirs); }));
  CHECK(!bench.write([&](UnitOfWork& unit) { return unit.sessions().update(mine); }));
  CHECK(mine.version == 0);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.sessions().find(mine.installation, mine.id); })->notes == "theirs");
}

STORAGE_TEST("sessions are listed by issue, by agent and by being unfinished") {
  pair(bench, "acme");
  const auto id = installation_id("acme");
  bench.change([&](UnitOfWork& unit) {
    auto row = session("acme", "s1");
    unit.sessions().insert(row);
    row.id = SessionId{"s2"};
    row.created_at += std::chrono::minutes{1};
    row.supporter = AccountId{"second"};
    unit.sessions().insert(row);
    row.id = SessionId{"s3"};
    row.created_at += std::chrono::minutes{1};
    row.issue = IssueId{"10002"};
    row.state = support::SessionState::failed;
    row.ended_at = row.created_at;
    unit.sessions().insert(row);
    row.id = SessionId{"s4"};
    row.creator = row.supporter = AccountId{"third"};
    row.state = support::SessionState::open;
    row.ended_at.reset();
    row.made = support::ProviderSide{.code = SessionCode{"c"}, .customer_link = "l", .created_at = kNoon};
    unit.sessions().insert(row);
  });
  const auto ids = [](const std::vector<support::SupportSession>& sessions) {
    std::string all;
    for (const auto& one : sessions) all += one.id.value + " ";
    return all;
  };
  bench.read([&](UnitOfWork& unit) {
    CHECK(ids(unit.sessions().of_issue(id, IssueId{"10001"})) == "s2 s1 ");
    CHECK(ids(unit.sessions().of_issue(id, IssueId{"10002"})) == "s4 s3 ");
    CHECK(ids(unit.sessions().of_issue(id, IssueId{"10003"})) == "");
    CHECK(ids(unit.sessions().of_agent(id, AccountId{"agent"}, 10)) == "s2 s1 s3 ");   // what is not over comes first, and always
    CHECK(ids(unit.sessions().of_agent(id, AccountId{"agent"}, 3)) == "s2 s1 s3 ");
    CHECK(ids(unit.sessions().of_agent(id, AccountId{"agent"}, 2)) == "s2 s1 ");
    CHECK(ids(unit.sessions().of_agent(id, AccountId{"agent"}, 1)) == "s2 s1 ");
    CHECK(ids(unit.sessions().of_agent(id, AccountId{"second"}, 10)) == "s2 s3 ");
    CHECK(ids(unit.sessions().of_agent(id, AccountId{"second"}, 1)) == "s2 ");
    CHECK(ids(unit.sessions().unfinished_of(id, AccountId{"agent"})) == "s1 s2 ");
    CHECK(ids(unit.sessions().unfinished(id)) == "s1 s2 s4 ");
    CHECK(ids(unit.sessions().most_urgent(id, 10)) == "s4 s2 s1 ");
    CHECK(ids(unit.sessions().most_urgent(id, 1)) == "s4 ");
    return true;
  });
  bench.change([&](UnitOfWork& unit) {
    for (const auto& [which, since] : {std::pair("s1", kNoon), std::pair("s2", kNoon + std::chrono::minutes{9})}) {
      auto row = unit.sessions().find(id, SessionId{which}).value();
      row.customer_since = since;
      REQUIRE(unit.sessions().update(row));
    }
  });
  CHECK(ids(bench.read([&](UnitOfWork& unit) { return unit.sessions().most_urgent(id, 10); })) == "s1 s2 s4 ");
  bench.change([&](UnitOfWork& unit) { unit.sessions().erase_of_issue(id, IssueId{"10001"}); });
  CHECK(ids(bench.read([&](UnitOfWork& unit) { return unit.sessions().unfinished(id); })) == "s4 ");
}

STORAGE_TEST("a session that is over without an end, or has an end and is not over, cannot be written") {
  pair(bench, "acme");
  auto row = session("acme", "s1");
  row.state = support::SessionState::closed;
  CHECK_THROWS(bench.change([&](UnitOfWork& unit) { unit.sessions().insert(row); }));
  row.state = support::SessionState::open;
  row.ended_at = kNoon;
  CHECK_THROWS(bench.change([&](UnitOfWork& unit) { unit.sessions().insert(row); }));
}

STORAGE_TEST("an idempotency key stands for one request until it ends") {
  pair(bench, "acme");
  const auto id = installation_id("acme");
  const AccountId agent{"agent"};
  bench.change([&](UnitOfWork& unit) { unit.sessions().insert_keyed(id, agent, "key", {.body_hash = "b1", .session = SessionId{"s1"}}, kNoon + Milliseconds{10}); });
  bench.change([&](UnitOfWork& unit) {
    const auto found = unit.sessions().keyed(id, agent, "key", kNoon);
    REQUIRE(found);
    CHECK(found->body_hash == "b1");
    CHECK(found->session.value == "s1");
    CHECK(!unit.sessions().keyed(id, AccountId{"other"}, "key", kNoon));
    CHECK(!unit.sessions().keyed(id, agent, "other", kNoon));
    CHECK(!unit.sessions().keyed(id, agent, "key", kNoon + Milliseconds{10}));
    unit.sessions().insert_keyed(id, agent, "key", {.body_hash = "b2", .session = SessionId{"s2"}}, kNoon + Milliseconds{20});
    CHECK(unit.sessions().keyed(id, agent, "key", kNoon + Milliseconds{10})->body_hash == "b2");
    CHECK(unit.sessions().erase_expired_keys(kNoon + Milliseconds{19}) == 0);
    CHECK(unit.sessions().erase_expired_keys(kNoon + Milliseconds{20}) == 1);
  });
}

STORAGE_TEST("settings are written against the version that was read") {
  pair(bench, "acme");
  const auto id = installation_id("acme");
  CHECK(!bench.read([&](UnitOfWork& unit) { return unit.settings().find(id); }));
  const auto put = [&](json::object document, std::int64_t version) {
    return bench.write([&](UnitOfWork& unit) { return unit.settings().put(id, document, version); });
  };
  CHECK(!put({{"a", 1}}, 1));
  CHECK(put({{"a", 1}}, 0));
  CHECK(!put({{"a", 2}}, 0));
  CHECK(put({{"a", 3}}, 1));
  CHECK(!put({{"a", 4}}, 1));
  const auto stored = bench.read([&](UnitOfWork& unit) { return unit.settings().find(id); });
  CHECK(stored->document == json::object{{"a", 3}});
  CHECK(stored->version == 2);
}

STORAGE_TEST("settings of a project are written against the version that was read, and are no other project's") {
  pair(bench, "acme");
  const auto id = installation_id("acme");
  const ProjectId help{"10000"};
  const ProjectId press{"10001"};
  const auto find = [&](const ProjectId& project) { return bench.read([&](UnitOfWork& unit) { return unit.settings().find(id, project); }); };
  const auto put = [&](const ProjectId& project, json::object document, std::int64_t version) {
    return bench.write([&](UnitOfWork& unit) { return unit.settings().put(id, project, document, version); });
  };
  CHECK(!find(help));
  CHECK(!put(help, {{"a", 1}}, 1));
  CHECK(put(help, {{"a", 1}}, 0));
  CHECK(!put(help, {{"a", 2}}, 0));
  CHECK(put(help, {{"a", 3}}, 1));
  CHECK(!put(help, {{"a", 4}}, 1));
  CHECK(put(press, {{"b", 1}}, 0));
  CHECK(find(help)->document == json::object{{"a", 3}});
  CHECK(find(help)->version == 2);
  CHECK(find(press)->document == json::object{{"b", 1}});
  CHECK(!bench.read([&](UnitOfWork& unit) { return unit.settings().find(id); }));
}

STORAGE_TEST("the audit log gives the newest entries first") {
  pair(bench, "acme");
  ports::AuditEntry entry{.id = "1", .installation = installation_id("acme"), .at = kNoon, .actor = AccountId{"agent"}, .action = "session_created",
                          .issue = IssueId{"10001"}, .session = SessionId{"s1"}, .person = AccountId{"customer"}, .peer = "192.0.2.1", .detail = {{"a", 1}}};
  bench.change([&](UnitOfWork& unit) {
    unit.audit().append(entry);
    ports::AuditEntry bare{.id = "2", .installation = entry.installation, .at = kNoon, .actor = {}, .action = "session_expired", .issue = {}, .session = {}, .person = {}, .peer = "", .detail = {}};
    unit.audit().append(bare);
  });
  const auto newest = bench.read([&](UnitOfWork& unit) { return unit.audit().newest(entry.installation, 10); });
  REQUIRE(newest.size() == 2);
  CHECK(newest[0].action == "session_expired");
  CHECK(!newest[0].actor);
  CHECK(newest[1].actor == entry.actor);
  CHECK(newest[1].at == kNoon);
  CHECK(newest[1].issue == entry.issue);
  CHECK(newest[1].session == entry.session);
  CHECK(newest[1].person == entry.person);
  CHECK(newest[1].peer == entry.peer);
  CHECK(newest[1].detail == entry.detail);
  CHECK(bench.read([&](UnitOfWork& unit) { return unit.audit().newest(entry.installation, 1); }).size() == 1);
}
