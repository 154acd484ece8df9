#include "sandbox/control/control.hpp"

#include <charconv>

#include "sandbox/clock.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox {
namespace {

std::int64_t after_of(const net::Request& request) {
  const auto text = request.parameter("after").value_or("0");
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

net::Response json_lines(std::string lines) { return text_answer(200, "application/jsonl;charset=UTF-8", std::move(lines)); }

Result<json::object> body_of(const net::Request& request) { return request.body.empty() ? Result<json::object>{json::object{}} : json::parse_object(request.body); }

}  // namespace

json::object Control::ready() const {
  const auto& at = stage_.addresses;
  const auto& installation = forge_.installations.all.front();
  return {{"site", at.site},
          {"jira_api", at.jira_api},
          {"jwks", at.forge + "/.well-known/jwks.json"},
          {"forge", at.forge},
          {"forge_app_id", forge_.manifest.app_id},
          {"environment_id", forge_.environment.id},
          {"environment_type", forge_.environment.type},
          {"cloud_id", installation.cloud_id},
          {"installation_id", installation.id},
          {"teamviewer_api", at.teamviewer_api},
          {"teamviewer_authorize", at.teamviewer + "/oauth2/authorize"},
          {"teamviewer_launch", at.teamviewer_launch},
          {"datacenter", datacenter_.addresses()},
          {"control", at.control},
          {"listen", "127.0.0.1:" + std::to_string(at.port)}};
}

Task<net::Response> Control::handle(net::Request request) {
  if (request.header("origin")) co_return json_answer(403, json::object{{"code", "origin_refused"}, {"message", "control is not for pages"}});
  auto answered = co_await answer(request);
  if (answered) co_return std::move(*answered);
  const auto& error = answered.error();
  co_return json_answer(400, json::object{{"code", error.code}, {"message", error.cause}, {"detail", error.detail}});
}

Task<Result<net::Response>> Control::answer(const net::Request& request) {
  const std::string what = request.method + " " + (request.path.size() > 1 ? request.path[1] : std::string{});
  if (what == "GET ") co_return json_answer(200, ready());
  if (what == "GET journal") co_return json_lines(stage_.journal.lines(after_of(request)));
  if (what == "GET requests") co_return json_lines(recording_.lines(after_of(request)));
  if (what == "GET state") co_return json_answer(200, state());
  if (what == "GET faults") co_return json_answer(200, faults_.show());
  BELAY_CO_TRY(body, body_of(request));
  if (what == "PUT state") {
    BELAY_CO_CHECK(change(body));
    co_return json_answer(200, state());
  }
  if (what == "PUT faults") {
    json::Reader reader{body};
    const auto rules = reader.optional_array("rules", 200);
    BELAY_CO_CHECK(reader.finish());
    BELAY_CO_CHECK(faults_.replace(rules.value_or(json::array{})));
    co_return json_answer(200, faults_.show());
  }
  if (what == "POST release") {
    json::Reader reader{body};
    const auto number = reader.optional_integer("hold", 1, 1'000'000'000);
    const bool discard = reader.optional_bool("discard").value_or(false);
    BELAY_CO_CHECK(reader.finish());
    co_return json_answer(200, json::object{{"released", faults_.release(number, discard)}});
  }
  if (what == "POST fit") {
    BELAY_CO_TRY(minted, fit(body));
    co_return json_answer(200, minted);
  }
  if (what == "POST events") {
    BELAY_CO_TRY(sent, send_event(body));
    co_return json_answer(200, sent);
  }
  if (what == "POST automation") {
    auto ran = co_await run_rule(body);
    if (!ran) co_return std::unexpected(std::move(ran).error());
    co_return json_answer(200, *ran);
  }
  if (what == "POST install" || what == "POST uninstall") {
    auto done = co_await install(body, what == "POST install");
    if (!done) co_return std::unexpected(std::move(done).error());
    co_return json_answer(200, *done);
  }
  co_return json_answer(404, json::object{{"code", "not_found"}, {"message", "control knows journal, requests, state, faults, release, fit, events, automation, install, uninstall"}});
}

json::object Control::state() const {
  return {{"clock", json::object{{"now", to_iso8601(stage_.clock.now())}, {"offsetMs", stage_.clock.offset().count()}}},
          {"jira", jira_.state()},
          {"datacenter", datacenter_.state()},
          {"forge", forge_.state()},
          {"teamviewer", teamviewer_.state()}};
}

Result<void> Control::change(const json::object& patch) {
  json::Reader reader{patch};
  const auto clock = reader.optional_object("clock");
  const auto jira = reader.optional_object("jira");
  const auto datacenter = reader.optional_object("datacenter");
  const auto forge = reader.optional_object("forge");
  const auto teamviewer = reader.optional_object("teamviewer");
  BELAY_CHECK(reader.finish());
  if (clock) {
    json::Reader inner{*clock};
    const auto offset = inner.optional_integer("offsetMs", -4'000'000'000'000, 4'000'000'000'000);
    const auto forward = inner.optional_integer("forwardMs", 0, 4'000'000'000'000);
    BELAY_CHECK(inner.finish());
    stage_.clock.set_offset(Milliseconds{offset.value_or(stage_.clock.offset().count()) + forward.value_or(0)});
  }
  if (jira) BELAY_CHECK(jira_.change(*jira));
  if (datacenter) BELAY_CHECK(datacenter_.change(*datacenter));
  if (forge) BELAY_CHECK(forge_.change(*forge));
  if (teamviewer) BELAY_CHECK(teamviewer_.change(*teamviewer));
  return {};
}

Result<jira_cloud::Site*> Control::site_of(json::Reader& reader) {
  const auto wanted = reader.optional_string("installation", 128);
  if (!wanted) return &sites_.all.front();
  const auto* installation = forge_.installations.by_id(*wanted);
  if (installation == nullptr) installation = forge_.installations.of_site(*wanted);
  if (installation == nullptr) return fail("invalid_field", "no such installation", {{"field", "installation"}});
  return sites_.by_cloud(installation->cloud_id);
}

Result<json::object> Control::fit(const json::object& wish) {
  json::Reader reader{wish};
  const auto account = reader.optional_string("account", 128).value_or("");
  const auto module_name = reader.required_string("module", 128);
  const auto issue_key = reader.optional_string("issue", 64);
  const auto request_key = reader.optional_string("request", 64);
  const auto project_key = reader.optional_string("project", 64);
  BELAY_TRY(site, site_of(reader));
  BELAY_CHECK(reader.finish());
  const auto* module = forge_.manifest.module(module_name);
  if (module == nullptr) {
    const auto of_type = forge_.manifest.of_type(module_name);
    if (of_type.empty()) return fail("invalid_field", "the manifest has no such module", {{"field", "module"}});
    module = of_type.front();
  }
  if (!account.empty() && site->person(account) == nullptr) return fail("invalid_field", "nobody has this account", {{"field", "account"}});
  forge::Occasion occasion{.installation = forge_.installations.of_site(site->cloud_id), .site = site, .module = module, .account = account, .issue = nullptr, .request = nullptr, .project = nullptr, .local_id = {}};
  if (issue_key) occasion.issue = site->issue(*issue_key);
  if (request_key) occasion.request = site->issue(*request_key);
  if ((issue_key && occasion.issue == nullptr) || (request_key && occasion.request == nullptr)) return fail("invalid_field", "no such issue", {{"field", "issue"}});
  if (project_key) occasion.project = site->project(*project_key);
  if (project_key && occasion.project == nullptr) return fail("invalid_field", "no such project", {{"field", "project"}});
  json::object minted{{"fit", forge_.invoker.mint(occasion)}, {"systemToken", forge_.tokens.hand_out(occasion.installation->id, "").text}};
  if (!account.empty()) minted["userToken"] = forge_.tokens.hand_out(occasion.installation->id, account).text;
  return minted;
}

Result<json::object> Control::send_event(const json::object& wish) {
  json::Reader reader{wish};
  const auto event = reader.required_string("event", 128);
  const auto issue_key = reader.optional_string("issue", 64);
  const auto account = reader.optional_string("account", 128).value_or("");
  BELAY_TRY(site, site_of(reader));
  BELAY_CHECK(reader.finish());
  auto* installation = forge_.installations.of_site(site->cloud_id);
  if (event == "hourly") {
    forge_.events.tick(*installation);
  } else if (event.starts_with("avi:forge:")) {
    forge_.events.lifecycle(*installation, event);
  } else {
    const auto* issue = issue_key ? site->issue(*issue_key) : nullptr;
    if (issue == nullptr) return fail("invalid_field", "a product event is about an issue", {{"field", "issue"}});
    const auto* project = site->project(issue->project);
    forge_.events.product({.cloud_id = site->cloud_id, .event = event, .account = account, .by_app = account == site->app_account, .issue_id = issue->id, .issue_key = issue->key, .project_id = project->id, .project_key = project->key, .comment = {}});
  }
  return forge_.events.state();
}

Task<Result<json::object>> Control::run_rule(json::object wish) {
  json::Reader reader{wish};
  forge::RuleRun run;
  run.action = reader.required_string("action", 128);
  run.actor = reader.optional_string("actor", 128).value_or("");
  const auto issue_key = reader.optional_string("issue", 64);
  run.inputs = reader.optional_object("inputs").value_or(json::object{});
  BELAY_CO_TRY(site, site_of(reader));
  BELAY_CO_CHECK(reader.finish());
  run.site = site;
  run.installation = forge_.installations.of_site(site->cloud_id);
  if (issue_key) run.issue = site->issue(*issue_key);
  if (issue_key && run.issue == nullptr) co_return fail("invalid_field", "no such issue", {{"field", "issue"}});
  if (!run.actor.empty() && site->person(run.actor) == nullptr) co_return fail("invalid_field", "nobody has this account", {{"field", "actor"}});
  co_return co_await forge_.automation.run(std::move(run));
}

Task<Result<json::object>> Control::install(json::object wish, bool in) {
  json::Reader reader{wish};
  const auto account = reader.optional_string("account", 128).value_or("");
  const auto remote = reader.optional_string("remote", 512);
  BELAY_CO_TRY(site, site_of(reader));
  BELAY_CO_CHECK(reader.finish());
  if (!in) {
    co_await forge_.uninstall(site->cloud_id);
    co_return forge_.state();
  }
  auto& installation = forge_.install(*site, account);
  if (remote) {
    for (const auto& one : forge_.manifest.remotes) {
      if (one.configurable) BELAY_CO_CHECK(forge_.set_remote(installation, one.key, *remote));
    }
  }
  co_return forge_.state();
}

}  // namespace belay::sandbox
