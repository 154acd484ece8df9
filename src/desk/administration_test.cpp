#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

std::string health_of(const json::object& settings, std::string_view check) {
  for (const auto& line : settings.at("health").as_array()) {
    if (line.at("check").as_string() != check) continue;
    if (line.at("ok").as_bool()) return "ok";
    return std::string(line.at("code").as_string());
  }
  return "absent";
}

TEST_CASE("the admin page says whether the provider answers: over the admin's own link, else whether the registration is known") {
  Stage stage;
  auto shown = stage.run(stage.administration->settings(stage.admin_caller()));
  REQUIRE(shown);
  CHECK(health_of(*shown, "provider") == "ok");
  CHECK(stage.provider.pings == 1);
  CHECK(stage.provider.registration_checks == 0);

  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  shown = stage.run(stage.administration->settings(stage.admin_caller()));
  CHECK(health_of(*shown, "provider") == "ok");
  CHECK(stage.provider.pings == 1);
  CHECK(stage.provider.registration_checks == 1);

  // A provider that is asked about a registration at every look would take us for somebody who guesses.
  REQUIRE(stage.run(stage.administration->settings(stage.admin_caller())));
  CHECK(stage.provider.registration_checks == 1);
  stage.clock.time += Milliseconds{60'000};
  stage.provider.down = Error{.code = "provider_unreachable", .cause = {}, .detail = {{"provider", "TeamViewer"}, {"maybe_done", true}}, .retryable = true, .retry_after = {}};
  shown = stage.run(stage.administration->settings(stage.admin_caller()));
  REQUIRE_MESSAGE(shown, "a provider that is away does not keep the page from being shown");
  CHECK(health_of(*shown, "provider") == "provider_unreachable");
  CHECK(shown->at("health").as_array().back().at("detail") == json::object{{"provider", "TeamViewer"}});
}

TEST_CASE("the admin's list says who has to connect again") {
  Stage stage;
  stage.link(stage.colleague);
  stage.change_link(stage.agent, [](ports::AccountLink& link) { link.expired = true; });
  const auto links = stage.run(stage.administration->links(stage.admin_caller()))->at("links").as_array();
  REQUIRE(links.size() == 2);
  for (const auto& one : links) CHECK(one.as_object().contains("expired") == (one.at("account").at("id").as_string() == stage.agent.value));
}

TEST_CASE("settings are stored against the version that was read, and only when they are sound") {
  Stage stage;
  const auto shown = stage.run(stage.administration->settings(stage.admin_caller()));
  REQUIRE(shown);
  auto wanted = *shown;
  for (const auto* ours : {"installation", "health", "defaults", "version"}) wanted.erase(ours);
  const auto version = shown->at("version").to_number<std::int64_t>();
  wanted["validityMinutes"] = 60;
  const auto saved = stage.run(stage.administration->change_settings(stage.admin_caller(), version, wanted));
  REQUIRE_MESSAGE(saved, saved.error().code);
  CHECK(saved->at("validityMinutes") == 60);
  CHECK(code_of(stage.run(stage.administration->change_settings(stage.admin_caller(), version, wanted))) == "settings_changed");
  wanted["validityMinutes"] = 1;
  CHECK(code_of(stage.run(stage.administration->change_settings(stage.admin_caller(), version + 1, wanted))) == "invalid_field");
  CHECK(std::ranges::count(stage.audited(), "settings_changed") == 1);
}

// An admin page with the groups "staff" and "gone" stored, of which Jira still has the first; it has "support" too.
struct GroupStage : Stage {
  json::object shown;
  std::int64_t version = 0;

  GroupStage() {
    keep_settings([](support::Settings& settings) { settings.allowed_groups = {"staff", "gone"}; });
    permissions.groups = {"staff", "support"};
    read();
  }
  void read() {
    shown = run(administration->settings(admin_caller())).value();
    version = shown.at("version").to_number<std::int64_t>();
    for (const auto* ours : {"installation", "health", "defaults", "version"}) shown.erase(ours);
  }
  Result<json::object> save(json::array groups, std::int64_t over) {
    auto wanted = shown;
    wanted["allowedGroups"] = std::move(groups);
    return run(administration->change_settings(admin_caller(), over, std::move(wanted)));
  }
  Result<json::object> save(json::array groups) { return save(std::move(groups), version); }
  std::vector<std::string> stored() {
    std::vector<std::string> groups;
    write([&](ports::UnitOfWork& unit) { groups = settings_of(unit, installation, words).settings.allowed_groups; });
    return groups;
  }
};

const std::vector<std::string> kStored{"staff", "gone"};

TEST_CASE("Jira is asked for the allowed groups that are new, with the admin's own token: others cost no question, and may be gone") {
  GroupStage stage;
  stage.permissions.groups_down = fail_for_now("jira_unreachable", "away").error();
  for (const auto& same : {json::array{"staff", "gone"}, json::array{"Gone ", "staff", "STAFF"}, json::array{"gone"}, json::array{}}) {
    stage.read();
    CHECK(code_of(stage.save(same)) == "none");
  }
  CHECK(stage.permissions.groups_asked.empty());

  stage.permissions.groups_down.reset();
  stage.keep_settings([](support::Settings& settings) { settings.allowed_groups = kStored; });
  stage.read();
  CHECK(code_of(stage.save({"gone", "Support", "support "})) == "none");
  REQUIRE(stage.permissions.groups_asked.size() == 1);
  CHECK(stage.permissions.groups_asked[0] == std::pair(stage.agent, std::vector<std::string>{"Support"}));
  CHECK(stage.stored() == std::vector<std::string>{"gone", "Support", "support "});
}

TEST_CASE("an allowed group that Jira does not have is refused by name, and nothing is saved") {
  GroupStage stage;
  stage.shown["validityMinutes"] = 60;
  const auto refused = stage.save({"gone", "suport", "support", "second line"});
  REQUIRE(code_of(refused) == "invalid_field");
  CHECK(refused.error().detail == json::object{{"field", "allowedGroups"}, {"rule", "unknown_group"}, {"names", json::array{"suport", "second line"}}});
  CHECK_FALSE(refused.error().retryable);
  CHECK(stage.stored() == kStored);
  stage.read();
  CHECK(stage.shown.at("validityMinutes") != 60);
  CHECK(std::ranges::count(stage.audited(), "settings_changed") == 0);
}

TEST_CASE("new allowed groups wait for a Jira that does not answer, and are taken unseen from an admin who may not look at groups") {
  GroupStage stage;
  for (const auto* code : {"jira_unreachable", "jira_rate_limited"}) {
    stage.permissions.groups_down = fail_for_now(code, "not now").error();
    const auto refused = stage.save({"staff", "suport"});
    REQUIRE(code_of(refused) == code);
    CHECK(refused.error().retryable);
    CHECK(stage.stored() == kStored);
  }
  for (const bool settling : {true, false}) {
    stage.permissions.groups_down = Error{.code = "jira_forbidden", .cause = {}, .detail = {}, .retryable = settling, .retry_after = {}};
    const auto name = settling ? "suport" : "suport too";
    CHECK(code_of(stage.save({name})) == "none");
    CHECK(stage.stored() == std::vector<std::string>{name});
    stage.read();
  }
}

TEST_CASE("a page that is behind hears of the newer settings before Jira is asked about groups") {
  GroupStage stage;
  CHECK(code_of(stage.save({"suport"}, stage.version - 1)) == "settings_changed");
  CHECK(stage.permissions.groups_asked.empty());
}

TEST_CASE("the preview of the customer text shows a code and a link as the provider makes them") {
  Stage stage;
  auto admin = stage.admin_caller();
  admin.call.site_url = "https://acme.example";
  REQUIRE(stage.run(stage.administration->preview(admin, "{{session.code}} {{session.link}}", "en")));
  const auto sample = stage.provider.sample();
  CHECK(support::to_plain_text(stage.tickets.previewed).ends_with(sample.code.value + " " + sample.customer_link));   // behind the mention
}

TEST_CASE("who is no admin on the admin page is told so before anything else is looked at") {
  Stage stage;
  const auto agent_here = stage.caller(stage.agent);
  CHECK(code_of(stage.run(stage.administration->settings(agent_here))) == "forbidden");
  CHECK(code_of(stage.run(stage.administration->change_settings(agent_here, 0, {}))) == "forbidden");
  CHECK(code_of(stage.run(stage.administration->preview(agent_here, "x", "tlh"))) == "forbidden");
  CHECK(code_of(stage.run(stage.administration->unlink(agent_here, LinkId{"nonsense"}))) == "forbidden");
  const auto no_admin = stage.caller_on(support::Page::admin, stage.colleague);
  CHECK(code_of(stage.run(stage.administration->change_settings(no_admin, 0, {}))) == "forbidden");
  CHECK(stage.provider.pings == 0);
}

TEST_CASE("a link of another installation is not there to be unlinked") {
  Stage stage;
  const InstallationId other{"ari:cloud:ecosystem::installation/2"};
  stage.write([&](ports::UnitOfWork& unit) {
    ports::Installation fresh;
    fresh.id = other;
    unit.installations().insert(fresh);
  });
  auto there = stage.admin_caller();
  there.call.installation = other;
  CHECK(code_of(stage.run(stage.administration->unlink(there, LinkId{"link-agent"}))) == "not_found");
  CHECK(stage.link_of(stage.agent).has_value());
}

TEST_CASE("stored settings of an older and of a newer Belay keep what the admin decided; unreadable ones let nobody in") {
  Stage stage;
  stage.keep_settings([](support::Settings& settings) {
    settings.allowed_groups = {"agents"};
    settings.validity = std::chrono::minutes{60};
  });
  const auto store = [&](auto change) {
    stage.write([&](ports::UnitOfWork& unit) {
      auto stored = unit.settings().find(stage.installation).value();
      change(stored.document);
      REQUIRE(unit.settings().put(stage.installation, stored.document, stored.version));
    });
  };
  const auto read = [&] {
    support::Settings now;
    stage.write([&](ports::UnitOfWork& unit) { now = settings_of(unit, stage.installation, stage.words).settings; });
    return now;
  };
  store([](json::object& document) {
    document.erase("editWhenEnded");
    document["colour"] = "red";
    document.at("customerText").as_object().erase("fr");
  });
  CHECK(read().allowed_groups == std::vector<std::string>{"agents"});
  CHECK(read().validity == std::chrono::minutes{60});
  CHECK(read().customer_text.contains("fr"));
  store([](json::object& document) { document["allowedGroups"] = "agents"; });
  CHECK(support::judge(ports::FakeProvider::eligible().licence, read().eligible_licences) != support::LicenceVerdict::eligible);
}

}  // namespace
}  // namespace belay::desk
