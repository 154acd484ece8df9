// The second grant of a link, for connection records: the same dance as linking, of the same account at the provider, and gone with the link.
#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

using ports::Registration;

const Error kAway{.code = "provider_unreachable", .cause = {}, .detail = {}, .retryable = true, .retry_after = {}};

// The agent is linked, the colleague is not.
class Allowing : public Stage {
 public:
  Allowing() { provider.has_reports = true; }

  Result<std::string> start(const AccountId& who) { return run(account->start(personal_caller(who), Registration::reports)); }
  std::string state(const AccountId& who) {
    const auto url = start(who);
    REQUIRE_MESSAGE(url, url.error().code);
    return url->substr(url->find("state=") + 6);
  }
  std::string come_back(std::string state, std::string error = {}, std::string description = {}) {
    const auto answer = run(account->come_back({.state = std::move(state), .code = error.empty() ? "code" : "", .error = error, .error_description = std::move(description)}));
    REQUIRE_MESSAGE(answer, answer.error().code);
    return answer->location.substr(answer->location.find("env-1/") + 6);
  }
  std::string parked(const AccountId& who) {
    const auto place = come_back(state(who));
    REQUIRE(place.starts_with("finish/"));
    return place.substr(7);
  }
  auto show(const AccountId& who, std::optional<std::string> grant = std::nullopt) { return run(account->show(personal_caller(who), std::move(grant))); }
  auto finish(const AccountId& who, const std::string& token) { return run(account->finish(personal_caller(who), token)); }
  auto take_back(const AccountId& who) { return run(account->take_reports_back(personal_caller(who))); }
  void allow(const AccountId& who) { REQUIRE(finish(who, parked(who))); }
  /// Carries out every row that gives a grant back.
  std::vector<ports::Grant> given_back() {
    std::vector<ports::ParkedGrant> grants;
    write([&](ports::UnitOfWork& unit) { grants = unit.links().all_parked(installation); });
    for (const auto& grant : grants) {
      REQUIRE(is_asked_for("grant.expire", grant.token_hash));
      run(farewell->end_grant(row("grant.expire", grant.token_hash)));
    }
    return provider.revoked;
  }
};

}  // namespace

TEST_CASE("from the button to results: the second registration is asked, and nothing is kept before the person has looked") {
  Allowing stage;
  CHECK(stage.show(stage.agent)->at("reports") == json::object{{"available", true}, {"allowed", false}});
  const auto state = stage.state(stage.agent);
  CHECK(stage.run(stage.account->begin_consent(state))->location.contains("authorize?reports&state=" + state));
  const auto place = stage.come_back(state);
  REQUIRE(place.starts_with("finish/"));
  const auto token = place.substr(7);
  const auto look = stage.show(stage.agent, token);
  REQUIRE(look);
  CHECK(look->at("grant").at("access") == "reports");
  CHECK(look->at("linked") == true);
  CHECK_FALSE(stage.link_of(stage.agent)->reports);

  const auto done = stage.finish(stage.agent, token);
  REQUIRE(done);
  CHECK(done->at("reports").at("allowed") == true);
  CHECK(done->at("reports").at("since").as_string() == to_iso8601(stage.clock.now()));
  CHECK(done->at("scopes").as_array().back() == "reports");
  const auto link = stage.link_of(stage.agent);
  CHECK(link->reports->grant.registration == Registration::reports);
  CHECK(link->grant.access_token == "access agent");
  CHECK_FALSE(stage.is_asked_for("grant.expire", stage.digests.sha256_hex(token)));
  CHECK(stage.audited().front() == "reports_allowed");
  CHECK(stage.given_back().empty());
}

TEST_CASE("it can be asked for with a live link and a registration, and only once") {
  Allowing stage;
  CHECK(code_of(stage.start(stage.colleague)) == "not_linked");
  stage.provider.has_reports = false;
  CHECK(code_of(stage.start(stage.agent)) == "reports_not_available");
  CHECK(stage.show(stage.agent)->at("reports").at("available") == false);
  stage.provider.has_reports = true;
  CHECK(code_of(stage.run(stage.account->start(stage.caller(stage.agent), Registration::reports))) == "forbidden");
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  CHECK(code_of(stage.start(stage.agent)) == "link_expired");
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = false; });
  stage.allow(stage.agent);
  CHECK(code_of(stage.start(stage.agent)) == "reports_already_allowed");
}

TEST_CASE("what another account at the provider gave is given back at once") {
  Allowing stage;
  stage.provider.granted.id = ProviderAccountId{"u2"};
  CHECK(stage.come_back(stage.state(stage.agent)) == "problem/reports_other_account");
  CHECK_FALSE(stage.link_of(stage.agent)->reports);
  CHECK(stage.given_back().size() == 1);
}

TEST_CASE("a link that changes hands between consent and finishing is not given somebody else's records") {
  for (const bool by_looking : {true, false}) {
    CAPTURE(by_looking);
    Allowing stage;
    const auto token = stage.parked(stage.agent);
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.at_provider.id = ProviderAccountId{"u2"}; });
    if (by_looking) CHECK(code_of(stage.show(stage.agent, token)) == "reports_other_account");
    else CHECK(code_of(stage.finish(stage.agent, token)) == "reports_other_account");
    CHECK(code_of(stage.finish(stage.agent, token)) == "grant_expired");
    CHECK(stage.given_back().size() == 1);
    CHECK_FALSE(stage.link_of(stage.agent)->reports);
  }
}

TEST_CASE("whoever did not begin gets nothing, and the grant goes back") {
  Allowing stage;
  stage.link(stage.colleague);
  const auto token = stage.parked(stage.agent);
  CHECK(code_of(stage.finish(stage.colleague, token)) == "grant_not_yours");
  CHECK(code_of(stage.finish(stage.agent, token)) == "grant_expired");
  CHECK(stage.given_back().size() == 1);
  CHECK_FALSE(stage.link_of(stage.colleague)->reports);
}

TEST_CASE("a link that is gone when the person finishes leaves nothing but a grant to give back") {
  Allowing stage;
  const auto token = stage.parked(stage.agent);
  REQUIRE(stage.run(stage.account->disconnect(stage.personal_caller(stage.agent))));
  CHECK(code_of(stage.finish(stage.agent, token)) == "not_linked");
  stage.clock.time += kParkedLife;
  CHECK(stage.given_back().size() == 1);
}

TEST_CASE("why consent was not given is said as far as the provider said it") {
  Allowing stage;
  CHECK(stage.come_back(stage.state(stage.agent), "access_denied") == "problem/reports_denied");
  CHECK(stage.come_back(stage.state(stage.agent), "access_denied", "The user denied access.") == "problem/reports_denied");
  CHECK(stage.come_back(stage.state(stage.agent), "access_denied", "Your LICENSE does not cover this.") == "problem/reports_need_licence");
  CHECK(stage.come_back(stage.state(stage.agent), "access_denied", "The licence does not cover the permissions.") == "problem/reports_need_licence");
  CHECK(stage.come_back(stage.state(stage.agent), "server_error", "license") == "problem/provider_refused");
}

TEST_CASE("taken back, the link stays and the grant is given back; a provider that is away gets it later") {
  Allowing stage;
  stage.allow(stage.agent);
  const auto left = stage.take_back(stage.agent);
  REQUIRE(left);
  CHECK(left->at("reports") == json::object{{"available", true}, {"allowed", false}});
  CHECK(left->at("linked") == true);
  CHECK_FALSE(stage.link_of(stage.agent)->reports);
  CHECK(stage.audited().front() == "reports_taken_back");
  stage.provider.down = kAway;
  CHECK(stage.given_back().empty());
  stage.provider.down.reset();
  REQUIRE(stage.given_back().size() == 1);
  CHECK(stage.provider.revoked.front().registration == Registration::reports);
  const auto audited = stage.audited().size();
  CHECK(stage.take_back(stage.agent));
  CHECK(stage.audited().size() == audited);
  CHECK(code_of(stage.run(stage.account->take_reports_back(stage.caller(stage.agent)))) == "forbidden");
}

TEST_CASE("one that ran out is shown so, and can be allowed again") {
  Allowing stage;
  stage.allow(stage.agent);
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.reports->expired = true; });
  const auto shown = stage.show(stage.agent);
  CHECK(shown->at("reports").at("allowed") == false);
  CHECK(shown->at("reports").at("expired") == true);
  CHECK(shown->at("scopes").as_array().size() == 4);
  stage.allow(stage.agent);
  CHECK_FALSE(stage.link_of(stage.agent)->reports->expired);
}

TEST_CASE("a link that is mended with the same account keeps it, and with another one gives it back") {
  for (const bool same : {true, false}) {
    CAPTURE(same);
    Allowing stage;
    stage.allow(stage.agent);
    stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
    if (!same) stage.provider.granted.id = ProviderAccountId{"u2"};
    const auto url = stage.run(stage.account->start(stage.personal_caller(stage.agent), Registration::base));
    REQUIRE(url);
    const auto place = stage.come_back(url->substr(url->find("state=") + 6));
    REQUIRE(stage.finish(stage.agent, place.substr(7)));
    CHECK(stage.link_of(stage.agent)->reports.has_value() == same);
    CHECK(stage.given_back().size() == (same ? 0 : 1));
  }
}

TEST_CASE("with the link both grants are given back, each by itself") {
  const auto end = [](Stage& stage) { return stage.run(stage.farewell->end_link(stage.row("link.end", "link-agent"))); };
  for (const bool base_expired : {false, true}) {
    CAPTURE(base_expired);
    Allowing stage;
    stage.allow(stage.agent);
    stage.change_link(stage.agent, [&](ports::AccountLink& link) { link.expired = base_expired; });
    REQUIRE(stage.run(stage.account->disconnect(stage.personal_caller(stage.agent))));
    CHECK(stage.show(stage.agent)->at("reports").at("allowed") == false);
    stage.provider.down = kAway;
    CHECK(is<TryAgain>(end(stage)));
    CHECK(stage.link_of(stage.agent));
    stage.provider.down.reset();
    CHECK(is<Done>(end(stage)));
    CHECK_FALSE(stage.link_of(stage.agent));
    CHECK(stage.provider.revoked.size() == (base_expired ? 1 : 2));
    CHECK(std::ranges::count(stage.provider.revoked, Registration::reports, &ports::Grant::registration) == 1);
  }
}

}  // namespace belay::desk
