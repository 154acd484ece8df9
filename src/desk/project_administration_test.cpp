// What one project decides, who may, and what comes of it on its issues.
#include "desk/project_administration.hpp"

#include "desk/stage_test.hpp"

namespace belay::desk {
namespace {

const ProjectKey kHelp{"HELP"};

struct Desk : Stage {
  using Stage::read;

  Desk() {
    permissions.project_rights_of[colleague] = {.browse = true, .administer_project = true};
    permissions.groups = {"support", "second line"};
  }
  Result<json::object> read(const Caller& who, const ProjectKey& project = kHelp) { return run(project_administration->settings(who, project)); }
  Result<json::object> save(const Caller& who, std::int64_t version, json::object wanted, const ProjectKey& project = kHelp) {
    return run(project_administration->change_settings(who, project, version, std::move(wanted)));
  }
  [[nodiscard]] Caller keeper() const { return project_caller(colleague); }
  /// The actions that a panel offers on each session, newest first.
  std::vector<std::string> offered(const json::object& panel) {
    std::vector<std::string> all;
    for (const auto& session : panel.at("sessions").as_array()) {
      for (const auto& action : session.at("actions").as_array()) all.emplace_back(action.as_string());
    }
    return all;
  }
  json::object look() { return json::parse_object(run(panel->show(caller(agent), "")).value()).value(); }
  void off() {
    keep_project_settings([](support::ProjectSettings& settings) { settings.enabled = false; });
  }
};

json::object wish(bool enabled, json::array groups = {}, json::object texts = {}) {
  return {{"enabled", enabled}, {"customerText", std::move(texts)}, {"allowedGroups", std::move(groups)}};
}

TEST_CASE("a project's admin reads and changes what it decides, against the version that was read") {
  Desk desk;
  const auto shown = desk.read(desk.keeper());
  REQUIRE_MESSAGE(shown, shown.error().code);
  CHECK(shown->at("version") == 0);
  CHECK(shown->at("enabled").as_bool());
  CHECK(shown->at("customerText").as_object().empty());
  CHECK(shown->at("project") == json::object{{"key", "HELP"}});
  CHECK(shown->at("site").at("customerText").at("en") == "Hello {{customer.name}}: {{session.link}}");

  const auto saved = desk.save(desk.keeper(), 0, wish(false, {"support"}, {{"fr", "Rejoignez {{session.link}}"}}));
  REQUIRE_MESSAGE(saved, saved.error().code);
  CHECK(saved->at("version") == 1);
  CHECK(saved->at("allowedGroups") == json::array{"support"});
  CHECK(saved->at("customerText") == json::object{{"fr", "Rejoignez {{session.link}}"}});
  CHECK(code_of(desk.save(desk.keeper(), 0, wish(true))) == "settings_changed");
  CHECK(std::ranges::count(desk.audited(), "project_settings_changed") == 1);
  CHECK(desk.read(desk.keeper())->at("enabled") == false);
}

TEST_CASE("nothing of a project is saved with a group that Jira does not have, or with a text that is broken") {
  Desk desk;
  const auto refused = desk.save(desk.keeper(), 0, wish(true, {"suport"}));
  REQUIRE(code_of(refused) == "invalid_field");
  CHECK(refused.error().detail == json::object{{"field", "allowedGroups"}, {"rule", "unknown_group"}, {"names", json::array{"suport"}}});
  CHECK(desk.permissions.groups_asked.back().first == desk.colleague);
  CHECK(code_of(desk.save(desk.keeper(), 0, wish(true, {}, {{"en", "Join us"}}))) == "customer_text_invalid");
  CHECK(desk.read(desk.keeper())->at("version") == 0);
}

TEST_CASE("only admins of the project and of Jira get there, from its own settings page, and to no other project") {
  Desk desk;
  const auto refusal_of = [&](const Caller& who, const ProjectKey& project = kHelp) {
    const auto read = desk.read(who, project);
    const auto saved = desk.save(who, 0, wish(false), project);
    REQUIRE(code_of(read) == code_of(saved));
    if (read) return std::string("none");
    const auto* reason = read.error().detail.if_contains("reason");
    return reason == nullptr ? read.error().code : std::string(reason->as_string());
  };
  desk.permissions.project_rights_of[desk.agent] = {.browse = true, .edit_issues = true, .service_agent = true};
  CHECK(refusal_of(desk.project_caller(desk.agent)) == "not_project_admin");
  desk.permissions.project_rights_of[desk.reporter] = {.administer = true};
  CHECK(code_of(desk.read(desk.project_caller(desk.reporter))) == "none");
  CHECK(refusal_of(desk.keeper(), ProjectKey{"PRESS"}) == "not_found");
  CHECK(refusal_of(desk.keeper(), ProjectKey{"help"}) == "not_found");
  for (const auto page : {support::Page::admin, support::Page::issue_panel, support::Page::personal, support::Page::global, support::Page::portal, support::Page::backend, support::Page::other}) {
    auto elsewhere = desk.keeper();
    elsewhere.call.page = page;
    CHECK(refusal_of(elsewhere) == "wrong_module");
  }
  auto nowhere = desk.keeper();
  nowhere.call.project.reset();
  CHECK(refusal_of(nowhere) == "wrong_module");
  // Whoever keeps a project keeps nothing else.
  CHECK(code_of(desk.run(desk.administration->settings(desk.keeper()))) == "forbidden");
  CHECK(code_of(desk.run(desk.administration->links(desk.keeper()))) == "forbidden");
  CHECK(code_of(desk.run(desk.administration->preview(desk.keeper(), "{{session.link}}", "en"))) == "none");
  CHECK(code_of(desk.run(desk.administration->preview(desk.project_caller(desk.agent), "{{session.link}}", "en"))) == "forbidden");
}

TEST_CASE("rights in a project are remembered for five minutes, and for that project alone") {
  Desk desk;
  REQUIRE(desk.read(desk.keeper()));
  REQUIRE(desk.read(desk.keeper()));
  CHECK(desk.permissions.projects_asked.size() == 1);
  auto elsewhere = desk.keeper();
  elsewhere.call.project = ProjectId{"10001"};
  elsewhere.call.project_key = ProjectKey{"PRESS"};
  REQUIRE(desk.read(elsewhere, ProjectKey{"PRESS"}));
  CHECK(desk.permissions.projects_asked.back() == std::pair(desk.colleague, ProjectId{"10001"}));
  desk.permissions.project_rights_of[desk.colleague] = {};
  REQUIRE(desk.read(desk.keeper()));
  desk.clock.time += kRightsLife;
  CHECK(code_of(desk.read(desk.keeper())) == "forbidden");
  CHECK(desk.admission->held() > 0);
  desk.clock.time += kRightsLife;
  desk.admission->tidy();
  CHECK(desk.admission->held() == 0);
}

TEST_CASE("switched off, nothing begins on the project's issues, and what is open can be ended") {
  Desk desk;
  const auto open = desk.opened();
  const auto intended = [&] {
    SessionWish wish;
    wish.customer.account = desk.reporter;
    return desk.create(std::move(wish));
  }();
  CHECK_FALSE(desk.look().contains("projectOff"));
  desk.off();

  const auto shown = desk.look();
  CHECK(shown.at("projectOff").as_bool());
  CHECK(shown.at("viewer").at("mayAct").as_bool());
  CHECK(shown.at("people").as_array().empty());
  CHECK(shown.at("sessions").as_array().size() == 2);
  for (const auto& action : desk.offered(shown)) CHECK_MESSAGE((action == "close" || action == "cancel" || action == "note"), action);

  const auto who = desk.caller(desk.agent);
  CHECK(code_of(desk.run(desk.sessions->create(who, {}))) == "project_off");
  CHECK(code_of(desk.run(desk.sessions->connect(who, open, Client::app))) == "project_off");
  CHECK(code_of(desk.run(desk.sessions->retry(who, open))) == "project_off");
  CHECK(code_of(desk.run(desk.reach->invite(who, desk.reporter))) == "project_off");
  CHECK(code_of(desk.run(desk.reach->launch(who, desk.reporter, support::LaunchMode::chat))) == "project_off");
  CHECK(code_of(desk.run(desk.reach->map_to_address(who, desk.reporter, "ada@example.com"))) == "project_off");
  CHECK(code_of(desk.run(desk.sessions->close(who, open, std::nullopt))) == "none");
  CHECK(code_of(desk.run(desk.sessions->cancel(who, intended))) == "none");
  CHECK(desk.read(open).state == support::SessionState::closed);
  CHECK(std::ranges::count(desk.audited(), "launched") == 0);
}

TEST_CASE("a session that could not be closed can be closed again where remote support is switched off") {
  Desk desk;
  const auto id = desk.opened();
  REQUIRE(desk.run(desk.sessions->close(desk.caller(desk.agent), id, std::nullopt)));
  desk.off();
  REQUIRE(desk.run(change_session(*desk.doors, desk.installation, id, [](support::SupportSession& now, ports::UnitOfWork&) -> Result<void> {
    now.closing_step = support::Step::failed;
    return {};
  })));
  CHECK(desk.offered(desk.look()) == std::vector<std::string>{"note", "retry"});
  CHECK(code_of(desk.run(desk.sessions->retry(desk.caller(desk.agent), id))) == "none");
}

TEST_CASE("a project's groups decide together with the site's, also when the token names another project than the issue's") {
  Desk desk;
  desk.users.groups_of[desk.agent] = {"support"};
  const auto may = [&](std::vector<std::string> site, std::vector<std::string> project) {
    desk.keep_settings([&](support::Settings& settings) { settings.allowed_groups = std::move(site); });
    desk.keep_project_settings([&](support::ProjectSettings& settings) { settings.allowed_groups = std::move(project); });
    auto who = desk.caller(desk.agent);
    const auto unnamed = code_of(desk.run(desk.sessions->of_issue(who)));
    who.call.project = desk.tickets.known.project_id;
    CHECK(code_of(desk.run(desk.sessions->of_issue(who))) == unnamed);
    who.call.project = ProjectId{"10001"};
    CHECK(code_of(desk.run(desk.sessions->of_issue(who))) == unnamed);
    CHECK(desk.look().at("viewer").at("mayAct").as_bool() == (unnamed == "none"));
    return unnamed;
  };
  CHECK(may({}, {}) == "none");
  CHECK(may({}, {"second line"}) == "forbidden");
  CHECK(may({}, {"Support"}) == "none");
  CHECK(may({"second line"}, {"support"}) == "forbidden");
  CHECK(may({"support"}, {"second line"}) == "forbidden");
  CHECK(may({"support"}, {"support", "second line"}) == "none");
}

TEST_CASE("the invitation has the project's text in the languages in which it has one, and the site's in the others") {
  Desk desk;
  desk.keep_project_settings([](support::ProjectSettings& settings) { settings.customer_text["fr"] = "Le projet : {{session.link}}"; });
  const auto words_for = [&](std::string language) {
    desk.users.known[desk.reporter] = {.id = desk.reporter, .name = "Reporter", .picture = {}, .time_zone = {}, .language = std::move(language)};
    desk.clock.time += Milliseconds{3'600'000};
    SessionWish wish;
    wish.customer.account = desk.reporter;
    desk.opened(std::move(wish));
    return support::to_plain_text(desk.tickets.comments.back().document);
  };
  CHECK(words_for("fr").contains("Le projet : "));
  CHECK(words_for("en").contains("Hello Reporter: "));
}

TEST_CASE("what is stored of a project by a newer Belay is kept as far as it is known; unreadable, nothing begins there") {
  Desk desk;
  const auto store = [&](json::object document, std::int64_t version) {
    desk.write([&](ports::UnitOfWork& unit) { REQUIRE(unit.settings().put(desk.installation, desk.tickets.known.project_id, document, version)); });
  };
  const auto now = [&] {
    support::ProjectSettings settings;
    desk.write([&](ports::UnitOfWork& unit) { settings = project_settings_of(unit, desk.installation, desk.tickets.known.project_id).settings; });
    return settings;
  };
  store({{"allowedGroups", {"support"}}, {"colour", "red"}, {"customerText", {{"de", "Text"}, {"en", "{{session.link}}"}}}}, 0);
  CHECK(now().enabled);
  CHECK(now().allowed_groups == std::vector<std::string>{"support"});
  CHECK(now().customer_text == std::map<std::string, std::string>{{"en", "{{session.link}}"}});
  store({{"allowedGroups", "support"}}, 1);
  CHECK_FALSE(now().enabled);
}

}  // namespace
}  // namespace belay::desk
