// What the site's forms and its bridge script ask for.
#include <boost/json/serialize.hpp>

#include "sandbox/jira_cloud/pages.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

std::string field(const net::Request& request, std::string_view name) {
  const auto fields = net::form_decode(request.body);
  if (!fields) return {};
  for (const auto& [key, value] : *fields) {
    if (key == name) return value;
  }
  return {};
}

/// Forms of other sites reach nothing here, and JSON is only sent by our own script.
bool comes_from_here(const Visit& visit) {
  const auto origin = visit.request.header("origin");
  return !origin || *origin == visit.site.url;
}

net::Response failed(std::string_view message) { return json_answer(200, json::object{{"success", false}, {"error", json::object{{"message", message}}}}); }

}  // namespace

Task<net::Response> Pages::act(Visit visit) {
  const auto& path = visit.request.path;
  if (!comes_from_here(visit)) co_return json_answer(403, json::object{{"message", "foreign origin"}});
  if (path.size() == 1 && path[0] == "_profile") co_return change_profile(visit);
  if (path.size() == 3 && path[0] == "browse" && path[2] == "comment") co_return add_comment(visit, path[1], false);
  if (path.size() == 6 && path[0] == "servicedesk" && path[5] == "comment") co_return add_comment(visit, path[4], true);
  if (path.size() == 2 && path[0] == "_forge" && path[1] == "invoke") co_return co_await invoke(visit);
  if (path.size() == 2 && path[0] == "_forge" && path[1] == "remotes") co_return remotes(visit);
  if (path.size() == 2 && path[0] == "_automation") co_return co_await run_rule(visit);
  if (path.size() == 2 && path[0] == "_apps") co_return co_await change_installation(visit, path[1] == "install");
  co_return not_found_page(visit);
}

net::Response Pages::change_profile(const Visit& visit) {
  auto& person = *visit.person;
  if (const auto theme = field(visit.request, "theme"); theme == "light" || theme == "dark") person.theme = theme;
  if (const auto locale = field(visit.request, "locale"); locale == "en-US" || locale == "fr-FR") person.locale = locale;
  if (const auto visible = field(visit.request, "emailVisible"); !visible.empty()) person.email_visible = visible == "anyone";
  const auto back = field(visit.request, "back");
  return redirect(back.starts_with('/') && !back.starts_with("//") ? back : "/");
}

net::Response Pages::add_comment(const Visit& visit, std::string_view key, bool from_portal) {
  auto* issue = visit.site.issue(key);
  const Caller caller{visit.person->account_id, false};
  const auto* project = issue == nullptr ? nullptr : visit.site.project(issue->project);
  const bool welcome = project != nullptr && (from_portal ? is_customer_of(visit.site, *issue, caller.account) || may_browse(visit.site, caller, *issue) : has_permission(visit.site, caller, "ADD_COMMENTS", project));
  if (!welcome) return not_found_page(visit);
  auto text = field(visit.request, "text");
  std::erase(text, '\r');
  if (text.find_first_not_of(" \t\n") != std::string::npos) {
    const bool internal = !from_portal && project->kind == "service_desk" && field(visit.request, "internal") == "yes";
    add_comment_by_hand(stage_, visit.site, *issue, caller.account, document_of(text), !internal, [this](IssueHappening happening) { forge_.events.product(happening); });
  }
  const auto target = visit.request.target.substr(0, visit.request.target.rfind('/'));
  return redirect(target);
}

Task<net::Response> Pages::invoke(Visit visit) {
  const auto body = json::parse_object(visit.request.body);
  const auto* input = body ? json::object_at(*body, "input") : nullptr;
  const auto* module = body ? forge_.manifest.module(json::string_at(*body, "module").value_or("")) : nullptr;
  const auto* installation = forge_.installations.of_site(visit.site.cloud_id);
  if (input == nullptr || module == nullptr || installation == nullptr || !installation->installed) co_return failed("There was an error invoking the remote: bad request");
  if (module->type == "jira:adminPage" && !is_jira_admin(visit.site, visit.person->account_id)) co_return failed("There was an error invoking the remote: no access");
  const auto project_key = json::string_at(*body, "project").value_or("");
  const auto* project = project_key.empty() ? nullptr : visit.site.project(project_key);
  const bool in_settings = module->type == "jira:projectSettingsPage";
  if (in_settings && (project == nullptr || !may_administer(visit.site, visit.person->account_id, *project))) co_return failed("There was an error invoking the remote: no access");
  const bool in_queues = module->type == "jiraServiceManagement:queuePage";
  if (in_queues && (project == nullptr || !has_permission(visit.site, {visit.person->account_id, false}, "SERVICEDESK_AGENT", project))) co_return failed("There was an error invoking the remote: no access");
  const bool portal = json::bool_at(*body, "portal").value_or(false);
  const auto issue_key = json::string_at(*body, "issue").value_or("");
  const auto* issue = issue_key.empty() ? nullptr : visit.site.issue(issue_key);
  const Caller caller{visit.person->account_id, false};
  const bool sees = issue == nullptr || may_browse(visit.site, caller, *issue) || (portal && is_customer_of(visit.site, *issue, caller.account));
  if (!sees || !forge::is_open_to(*module, visit.person->type)) co_return failed("There was an error invoking the remote: no access");

  forge::RemoteRequest request{.method = json::string_at(*input, "method").value_or("GET"), .path = json::string_at(*input, "path").value_or(""), .headers = {}, .body = {}};
  if (const auto* headers = json::object_at(*input, "headers")) {
    for (const auto& [name, value] : *headers) {
      if (value.is_string()) request.headers.emplace(std::string(name), std::string(value.get_string()));
    }
  }
  if (const auto* sent = input->if_contains("body"); sent != nullptr && !sent->is_null() && request.method != "GET") request.body = boost::json::serialize(*sent);
  const forge::Occasion occasion{.installation = installation, .site = &visit.site, .module = module, .account = caller.account, .issue = portal ? nullptr : issue, .request = portal ? issue : nullptr, .project = in_settings || in_queues ? project : nullptr, .local_id = json::string_at(*body, "localId").value_or("")};
  const auto answer = co_await forge_.invoker.call_for_page(occasion, std::move(request));
  if (!answer) co_return failed(answer.error().cause);
  json::object headers;
  for (const auto& [name, value] : answer->headers) {
    auto& values = headers[name];
    if (!values.is_array()) values = json::array{};
    values.as_array().emplace_back(value);
  }
  co_return json_answer(200, json::object{{"success", true}, {"payload", json::object{{"status", answer->status}, {"headers", std::move(headers)}, {"body", json::parse_or_null(answer->body)}}}});
}

net::Response Pages::remotes(const Visit& visit) {
  auto* installation = forge_.installations.of_site(visit.site.cloud_id);
  if (installation == nullptr || !installation->installed || !is_jira_admin(visit.site, visit.person->account_id)) return json_answer(403, json::object{{"message", "Only Jira admins can do this."}});
  if (visit.request.method != "POST") return json_answer(200, forge_.remotes_of(*installation));
  const auto body = json::parse_object(visit.request.body);
  const auto* wanted = body ? json::array_at(*body, "remotes") : nullptr;
  if (wanted == nullptr) return json_answer(400, json::object{{"message", "remotes is missing"}});
  for (const auto& one : *wanted) {
    const auto* remote = one.if_object();
    const auto* configured = remote == nullptr ? nullptr : json::object_at(*remote, "configured");
    if (configured == nullptr) return json_answer(400, json::object{{"message", "configured is missing"}});
    const auto set = forge_.set_remote(*installation, json::string_at(*remote, "key").value_or(""), json::string_at(*configured, "endpoint").value_or(""));
    if (!set) return json_answer(400, json::object{{"message", set.error().cause}});
  }
  return json_answer(200, json::object{});
}

Task<net::Response> Pages::change_installation(Visit visit, bool install) {
  if (!is_jira_admin(visit.site, visit.person->account_id)) co_return json_answer(403, json::object{{"message", "Only Jira admins can do this."}});
  if (install) forge_.install(visit.site, visit.person->account_id);
  else co_await forge_.uninstall(visit.site.cloud_id);
  co_return redirect("/plugins/servlet/upm");
}

}  // namespace belay::sandbox::jira_cloud
