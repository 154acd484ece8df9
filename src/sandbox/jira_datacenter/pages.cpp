#include "sandbox/jira_datacenter/pages.hpp"

#include <algorithm>

#include "sandbox/picture.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kCookie = "JSESSIONID";

bool path_is(const net::Request& request, std::initializer_list<std::string_view> path) { return std::ranges::equal(request.path, path); }

bool in_portal(const net::Request& request, std::size_t segments) {
  return request.path.size() == segments && request.path[0] == "servicedesk" && request.path[1] == "customer" && request.path[2] == "portal";
}

// The address of a page without `as`, which signs somebody in.
std::string without_as(const net::Request& request) {
  auto target = request.target.substr(0, request.target.find('?'));
  std::vector<std::pair<std::string, std::string>> rest;
  for (const auto& [name, value] : request.query) {
    if (name != "as") rest.emplace_back(name, value);
  }
  return rest.empty() ? target : target + "?" + net::form_encode(rest);
}

net::Response signed_in(const Person& person, std::string_view back) {
  auto answer = redirect(back);
  answer.headers.emplace("Set-Cookie", std::string(kCookie) + "=" + net::percent_encode(person.key) + "; Path=/; HttpOnly; SameSite=Lax");
  return answer;
}

const Person* signed_in_person(const Site& site, const net::Request& request) {
  const auto* person = site.person(net::percent_decode(cookie_of(request, kCookie)).value_or(""));
  return person != nullptr && person->active ? person : nullptr;
}

// Forms of other sites reach nothing here.
bool comes_from_here(const net::Request& request, const Site& site) {
  const auto origin = request.header("origin");
  return !origin || *origin == site.url;
}

}  // namespace

net::Response Pages::handle(Site& site, const net::Request& request) {
  static const Plugin none;
  const auto installed = plugins_.find(site.name);
  const Visit visit{.request = request, .site = site, .person = signed_in_person(site, request), .plugin = installed == plugins_.end() ? none : installed->second};
  if (path_is(request, {"download", "resources", "jira.css"})) return stylesheet();
  if (request.path.size() == 5 && request.path[0] == "download" && request.path[2] == "belay") {
    const auto path = request.path[3] + "/" + request.path[4];
    const auto* bytes = visit.plugin.file(path);
    return bytes == nullptr ? empty_answer(404) : text_answer(200, path.ends_with(".css") ? "text/css" : "text/javascript", *bytes);
  }
  if (path_is(request, {"secure", "useravatar"})) {
    const auto* person = site.person(request.parameter("ownerId").value_or(""));
    return picture_file(person == nullptr ? "?" : std::string_view(person->display_name), person == nullptr ? "" : std::string_view(person->key));
  }
  if (request.method == "POST") {
    if (!comes_from_here(request, site)) return json_answer(403, json::object{{"message", "foreign origin"}});
    return visit.person == nullptr ? json_answer(401, json::object{{"message", "nobody is signed in"}}) : act(visit);
  }
  if (request.method != "GET" && request.method != "HEAD") return json_answer(405, json::object{{"message", "method not allowed"}});
  if (const auto as = request.parameter("as")) {
    const auto* person = site.signing_in_as(*as);
    if (person == nullptr || !person->active) return json_answer(404, json::object{{"message", "nobody signs in with this name"}});
    return signed_in(*person, without_as(request));
  }
  return show(visit);
}

net::Response Pages::show(const Visit& visit) {
  const auto& request = visit.request;
  if (path_is(request, {"login.jsp"}) || visit.person == nullptr) return sign_in_page(visit);
  if (request.path.empty() || path_is(request, {"secure", "Dashboard.jspa"})) return start_page(visit);
  if (path_is(request, {"rest", "oauth2", "latest", "authorize"})) return consent_page(visit);
  if (path_is(request, {"secure", "ViewProfile.jspa"})) return profile_page(visit, {});
  if (path_is(request, {"secure", "admin", "ViewApplicationProperties.jspa"})) return admin_page(visit);
  if (request.path.size() == 4 && request.path[0] == "plugins" && request.path[1] == "servlet" && request.path[2] == "project-config") return project_page(visit, request.path[3]);
  if (request.path.size() == 2 && request.path[0] == "browse") return issue_page(visit, request.path[1]);
  if (path_is(request, {"servicedesk", "customer", "portals"})) return portal_page(visit, {});
  if (in_portal(request, 4)) return portal_page(visit, request.path[3]);
  if (in_portal(request, 5)) return request_page(visit, request.path[4]);
  return not_found_page(visit);
}

net::Response Pages::act(const Visit& visit) {
  const auto& request = visit.request;
  if (path_is(request, {"rest", "oauth2", "latest", "authorize"})) return decide(visit);
  if (path_is(request, {"secure", "ViewProfile.jspa"})) return change_profile(visit);
  if (request.path.size() == 3 && request.path[0] == "browse" && request.path[2] == "comment") return take_comment(visit, request.path[1], false);
  if (in_portal(request, 6) && request.path[5] == "comment") return take_comment(visit, request.path[4], true);
  return json_answer(404, json::object{{"message", "nothing is done here"}});
}

}  // namespace belay::sandbox::jira_datacenter
