#include "sandbox/jira_cloud/pages.hpp"

#include <array>

#include "sandbox/assets.hpp"
#include "sandbox/picture.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::string_view kCookie = "sandbox.account";

std::string_view segment(const net::Request& request, std::size_t position) {
  return position < request.path.size() ? std::string_view(request.path[position]) : std::string_view{};
}

bool path_is(const net::Request& request, std::initializer_list<std::string_view> wanted) {
  std::size_t at = 0;
  for (const auto part : wanted) {
    if (segment(request, at++) != part) return false;
  }
  return request.path.size() == wanted.size();
}

bool path_begins(const net::Request& request, std::initializer_list<std::string_view> wanted) {
  std::size_t at = 0;
  for (const auto part : wanted) {
    if (segment(request, at++) != part) return false;
  }
  return true;
}

/// The target without ?as=…
std::string target_without_as(const net::Request& request) {
  std::string target = request.target.substr(0, request.target.find('?'));
  std::vector<std::pair<std::string, std::string>> rest;
  for (const auto& field : request.query) {
    if (field.first != "as") rest.push_back(field);
  }
  if (!rest.empty()) target += "?" + net::form_encode(rest);
  return target;
}

}  // namespace

Task<net::Response> Pages::handle(net::Request request) {
  auto* site = sites_.by_host(request.host);
  if (site == nullptr) co_return json_answer(404, json::object{{"message", "no site of the sandbox has this host"}});
  if (path_begins(request, {"_assets"}) && request.path.size() == 2) {
    const auto text = asset(request.path[1]);
    if (text.empty()) co_return text_answer(404, "text/plain", "Not found\n");
    co_return text_answer(200, forge::content_type_of(request.path[1]), std::string(text));
  }
  if (path_begins(request, {"avatars"}) && request.path.size() == 2) {
    const auto* person = site->person(request.path[1]);
    co_return picture_file(person == nullptr ? "?" : person->name, request.path[1]);
  }
  if (const auto as = request.parameter("as"); as && request.method == "GET") {
    if (site->person(*as) == nullptr) co_return json_answer(404, json::object{{"message", "nobody has this account id"}});
    auto answer = redirect(target_without_as(request));
    answer.headers.emplace("Set-Cookie", std::string(kCookie) + "=" + net::percent_encode(*as) + "; Path=/; HttpOnly; SameSite=Lax");
    co_return answer;
  }
  const Visit visit{request, *site, site->person(cookie_of(request, kCookie))};
  if (request.method == "POST") {
    if (visit.person == nullptr) co_return json_answer(401, json::object{{"message", "nobody is signed in"}});
    co_return co_await act(visit);
  }
  if (request.method != "GET" && request.method != "HEAD") co_return json_answer(405, json::object{{"message", "method not allowed"}});
  co_return show(visit);
}

net::Response Pages::show(const Visit& visit) {
  const auto& request = visit.request;
  if (request.path.empty()) return start_page(visit);
  if (path_is(request, {"login"})) return sign_in_page(visit, request.parameter("dest").value_or("/"));
  if (visit.person == nullptr) return sign_in_page(visit, request.target);
  if (path_begins(request, {"browse"}) && request.path.size() == 2) return issue_page(visit, segment(request, 1));
  if (path_begins(request, {"browse"}) && request.path.size() == 3 && segment(request, 2) == "activity") {
    const auto* issue = visit.site.issue(segment(request, 1));
    const Caller caller{visit.person->account_id, false};
    if (issue == nullptr || !may_browse(visit.site, caller, *issue)) return not_found_page(visit);
    return text_answer(200, "text/html;charset=UTF-8", activity(visit, *issue, false));
  }
  if (path_begins(request, {"issues"})) return issues_page(visit);
  if (path_begins(request, {"servicedesk", "customer", "portal"}) && request.path.size() == 5) return portal_page(visit, segment(request, 4));
  if (path_is(request, {"manage-profile", "profile-and-visibility"})) return profile_page(visit);
  if (path_is(request, {"plugins", "servlet", "upm"})) return manage_apps_page(visit);
  if (path_begins(request, {"plugins", "servlet", "upm", "marketplace"})) return find_apps_page(visit);
  if (path_is(request, {"_forge", "remotes"})) return remotes(visit);
  if (path_is(request, {"jira", "settings", "automation"})) return automation_page(visit, "");
  if (path_begins(request, {"jira", "settings", "personal", "apps"})) return module_page(visit, page_module("jira:personalSettingsPage", false), 4, false);
  if (path_begins(request, {"jira", "settings", "apps", "configure"})) return module_page(visit, page_module("jira:adminPage", true), 4, true);
  if (path_begins(request, {"jira", "settings", "apps"})) return module_page(visit, page_module("jira:adminPage", false), 3, true);
  if (path_begins(request, {"jira", "software", "projects"}) && segment(request, 4) == "settings" && segment(request, 5) == "apps") return project_settings_page(visit, segment(request, 3));
  if (path_begins(request, {"jira", "servicedesk", "projects"}) && segment(request, 4) == "queues" && segment(request, 5) == "apps") return queue_page(visit, segment(request, 3));
  if (path_begins(request, {"jira", "apps"})) return module_page(visit, page_module("jira:globalPage", false), 2, false);
  return not_found_page(visit);
}

PageFrame Pages::frame(const Visit& visit, std::string title, std::string main) const {
  PageFrame made{.title = std::move(title), .main = std::move(main), .site = &visit.site, .person = visit.person, .personal_page = {}, .personal_title = {}, .forge = stage_.addresses.forge, .here = visit.request.target};
  if (visit.person != nullptr) made.admin = is_jira_admin(visit.site, visit.person->account_id);
  const auto* personal = page_module("jira:personalSettingsPage", false);
  const auto* installed = forge_.installations.of_site(visit.site.cloud_id);
  if (personal != nullptr && installed != nullptr && installed->installed && visit.person != nullptr) {
    made.personal_page = app_address("/jira/settings/personal/apps/");
    made.personal_title = forge::title_of(*personal, visit.person->locale);
  }
  return made;
}

net::Response Pages::not_found_page(const Visit& visit) {
  auto made = frame(visit, "Not found", notice("We couldn't find what you're looking for", "It does not exist, or you do not have permission to see it."));
  made.status = 404;
  return page(made);
}

const forge::Module* Pages::page_module(std::string_view type, bool use_as_config) const {
  const forge::Module* fallback = nullptr;
  for (const auto* module : forge_.manifest.of_type(type)) {
    if (module->use_as_config == use_as_config) return module;
    fallback = module;
  }
  return use_as_config ? fallback : nullptr;
}

std::string Pages::app_address(std::string_view before) const { return std::string(before) + forge_.manifest.app_uuid() + "/" + forge_.environment.id; }

}  // namespace belay::sandbox::jira_cloud
