#include "sandbox/jira_datacenter/pages.hpp"

#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kCookie = "JSESSIONID";

bool path_is(const net::Request& request, std::initializer_list<std::string_view> path) { return std::ranges::equal(request.path, path); }

std::string field(const net::Request& request, std::string_view name) {
  for (const auto& [key, value] : net::form_decode(request.body).value_or(std::vector<std::pair<std::string, std::string>>{})) {
    if (key == name) return value;
  }
  return {};
}

std::string link(std::string_view address, std::string_view words) { return "<a href=\"" + escape_html(address) + "\">" + escape_html(words) + "</a>"; }

std::string hidden(std::string_view name, std::string_view value) { return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) + "\">"; }

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

}  // namespace

const Plugin& Pages::plugin_of(const Site& site) const {
  static const Plugin none;
  const auto found = plugins_.find(site.name);
  return found == plugins_.end() ? none : found->second;
}

net::Response Pages::page(const Visit& visit, std::string_view title, std::string main, unsigned status, bool with_plugin) const {
  std::string head;
  if (with_plugin) {
    for (const auto& [path, bytes] : plugin_of(visit.site).files()) {
      const auto address = "/download/resources/belay/" + path;
      head += path.ends_with(".css") ? "<link rel=\"stylesheet\" href=\"" + address + "\">" : "<script src=\"" + address + "\" defer></script>";
    }
  }
  std::string bar = link("/secure/Dashboard.jspa", visit.site.title + " " + visit.site.version);
  if (visit.person != nullptr) bar += " · <bdi>" + escape_html(visit.person->display_name) + "</bdi> · " + link("/secure/ViewProfile.jspa", "Profile");
  auto answer = text_answer(status, "text/html;charset=UTF-8",
                            "<!doctype html><html lang=\"" + (visit.person == nullptr ? std::string("en") : visit.person->locale.substr(0, 2)) + "\"><head><meta charset=\"utf-8\"><meta name=\"ajs-user-locale\" content=\"" + (visit.person == nullptr ? std::string("en_US") : visit.person->locale) + "\"><title>" + escape_html(title) +
                                "</title><link rel=\"stylesheet\" href=\"/download/resources/jira.css\">" + head + "</head><body><header>" + bar + "</header><main>" + main + "</main></body></html>");
  answer.headers.emplace("X-Frame-Options", "SAMEORIGIN");
  return answer;
}

net::Response Pages::handle(Site& site, const net::Request& request) {
  if (path_is(request, {"download", "resources", "jira.css"})) {
    return text_answer(200, "text/css", "body{font:14px/20px sans-serif;margin:0;color:#172b4d}header{padding:8px 16px;border-bottom:1px solid #dfe1e6}main{padding:16px;display:flex;gap:24px;align-items:flex-start}.issue{flex:1}aside{inline-size:340px}pre{white-space:pre-wrap;font:inherit}iframe{border:0;inline-size:100%}");
  }
  if (request.path.size() == 5 && request.path[0] == "download" && request.path[2] == "belay") {
    const auto path = request.path[3] + "/" + request.path[4];
    const auto* bytes = plugin_of(site).file(path);
    if (bytes != nullptr) return text_answer(200, path.ends_with(".css") ? "text/css" : "text/javascript", *bytes);
  }
  if (const auto as = request.parameter("as"); as && request.method == "GET") {
    const auto* person = site.signing_in_as(*as);
    if (person == nullptr) return json_answer(404, json::object{{"message", "nobody signs in with this name"}});
    return signed_in(*person, without_as(request));
  }
  const Visit visit{request, site, site.person(cookie_of(request, kCookie))};
  if (request.method == "POST") return act(visit);
  return request.method == "GET" || request.method == "HEAD" ? show(visit) : json_answer(405, json::object{{"message", "method not allowed"}});
}

net::Response Pages::show(const Visit& visit) {
  const auto& request = visit.request;
  if (path_is(request, {"login.jsp"}) || visit.person == nullptr) return sign_in_page(visit);
  if (request.path.empty() || path_is(request, {"secure", "Dashboard.jspa"})) return start_page(visit);
  if (path_is(request, {"rest", "oauth2", "latest", "authorize"})) return consent_page(visit);
  if (path_is(request, {"secure", "ViewProfile.jspa"})) return profile_page(visit, {});
  if (request.path.size() == 2 && request.path[0] == "browse") return issue_page(visit, request.path[1]);
  return page(visit, "Not found", "<h1>Not found</h1>", 404);
}

net::Response Pages::act(const Visit& visit) {
  if (visit.person == nullptr) return json_answer(401, json::object{{"message", "nobody is signed in"}});
  if (path_is(visit.request, {"rest", "oauth2", "latest", "authorize"})) {
    const auto wish = wish_of(net::form_decode(visit.request.body).value_or(std::vector<std::pair<std::string, std::string>>{}));
    if (OAuth::client_of(visit.site, wish) == nullptr) return page(visit, "Refused", "<h1>Unknown application</h1>", 400);
    return redirect(field(visit.request, "allow") == "yes" ? oauth_.allow(visit.site, wish, visit.person->key) : OAuth::deny(wish, "access_denied"));
  }
  if (path_is(visit.request, {"secure", "ViewProfile.jspa"})) return profile_page(visit, oauth_.personal_token(visit.site, visit.person->key));
  if (visit.request.path.size() == 3 && visit.request.path[0] == "browse" && visit.request.path[2] == "comment") {
    auto* issue = visit.site.issue(visit.request.path[1]);
    if (issue == nullptr || !visit.site.may_browse(visit.person->key, *visit.site.project(issue->project))) return page(visit, "Not found", "<h1>Not found</h1>", 404);
    Comment comment;
    comment.id = visit.site.next_comment++;
    comment.author = visit.person->key;
    comment.body = field(visit.request, "text");
    comment.created = comment.updated = stage_.clock.now();
    if (!comment.body.empty()) issue->comments.push_back(std::move(comment));
    return redirect("/browse/" + issue->key);
  }
  return json_answer(404, json::object{{"message", "nothing is done here"}});
}

net::Response Pages::start_page(const Visit& visit) {
  std::string list;
  for (const auto& issue : visit.site.issues) {
    if (visit.site.may_browse(visit.person->key, *visit.site.project(issue.project))) list += "<li>" + link("/browse/" + issue.key, issue.key) + " <bdi>" + escape_html(issue.summary) + "</bdi></li>";
  }
  return page(visit, "System Dashboard", "<div><h1>System Dashboard</h1><ul>" + list + "</ul></div>");
}

net::Response Pages::sign_in_page(const Visit& visit) {
  // Only back to a page of this site.
  auto back = visit.request.target.starts_with("/login.jsp") ? std::string(visit.request.parameter("os_destination").value_or("/")) : visit.request.target;
  if (!back.starts_with('/') || back.starts_with("//")) back = "/";
  std::string list;
  for (const auto& person : visit.site.people) {
    const auto address = back + (back.contains('?') ? "&" : "?") + "as=" + net::percent_encode(person.name);
    if (person.active) list += "<li>" + link(address, person.display_name) + "</li>";
  }
  return page(visit, "Log in", "<div><h1>Log in</h1><p>Choose who you are. There are no passwords in the sandbox.</p><ul>" + list + "</ul></div>");
}

net::Response Pages::consent_page(const Visit& visit) {
  if (!visit.site.has_oauth()) return page(visit, "Not found", "<h1>Not found</h1>", 404);
  const auto wish = wish_of(visit.request.query);
  // Without a known application and its exact address nobody is sent anywhere.
  if (OAuth::client_of(visit.site, wish) == nullptr) return page(visit, "Refused", "<h1>Unknown application</h1>", 400);
  const bool fits = wish.response_type == "code" && (wish.challenge.empty() || (wish.challenge_method == "S256" && wish.challenge.size() == 43)) && (wish.scope == "READ" || wish.scope == "WRITE");
  if (!fits) return redirect(OAuth::deny(wish, "invalid_request"));
  const auto keep = hidden("client_id", wish.client_id) + hidden("redirect_uri", wish.redirect_uri) + hidden("response_type", wish.response_type) + hidden("state", wish.state) + hidden("scope", wish.scope) +
                    hidden("code_challenge", wish.challenge) + hidden("code_challenge_method", wish.challenge_method);
  return page(visit, "Allow access", "<div><h1>Belay is requesting access to your account</h1><p><bdi>" + escape_html(visit.person->display_name) + "</bdi>, scope " + escape_html(wish.scope) +
                                         "</p><form method=\"post\" action=\"/rest/oauth2/latest/authorize\">" + keep + "<button name=\"allow\" value=\"yes\">Allow</button> <button name=\"allow\" value=\"no\">Deny</button></form></div>");
}

net::Response Pages::issue_page(const Visit& visit, std::string_view key) {
  auto* issue = visit.site.issue(key);
  if (issue == nullptr || !visit.site.may_browse(visit.person->key, *visit.site.project(issue->project))) return page(visit, "Not found", "<h1>Not found</h1>", 404);
  if (issue->key != key) return redirect("/browse/" + issue->key);
  const auto name_of = [&](const std::string& who) {
    const auto* person = visit.site.person(who);
    return person == nullptr ? std::string("Unassigned") : person->display_name;
  };
  std::string comments;
  for (const auto& comment : issue->comments) {
    comments += "<li id=\"comment-" + std::to_string(comment.id) + "\"><b><bdi>" + escape_html(name_of(comment.author)) + "</bdi></b>" + (comment.internal ? " <i>internal</i>" : "") + "<pre>" + escape_html(comment.body) + "</pre></li>";
  }
  const auto panel = plugin_of(visit.site).is_installed() ? plugin_of(visit.site).panel(*issue) : std::string("<p>No apps are installed.</p>");
  return page(visit, issue->key + " " + issue->summary,
              "<div class=\"issue\"><p>" + escape_html(issue->key) + "</p><h1><bdi>" + escape_html(issue->summary) + "</bdi></h1><p>Reporter: <bdi>" + escape_html(name_of(issue->reporter)) + "</bdi>, assignee: <bdi>" + escape_html(name_of(issue->assignee)) +
                  "</bdi></p><h2>Comments</h2><ul>" + comments + "</ul><form method=\"post\" action=\"/browse/" + issue->key + "/comment\"><label>Comment <textarea name=\"text\"></textarea></label> <button>Add</button></form></div><aside aria-label=\"Apps\">" + panel + "</aside>",
              200, true);
}

net::Response Pages::profile_page(const Visit& visit, std::string_view fresh_token) {
  std::string main = "<div><h1><bdi>" + escape_html(visit.person->display_name) + "</bdi></h1><h2>Personal access tokens</h2>";
  if (!fresh_token.empty()) main += "<p>Your token, shown once: <code>" + escape_html(fresh_token) + "</code></p>";
  return page(visit, "Profile", main + "<form method=\"post\" action=\"/secure/ViewProfile.jspa\"><button>Create token</button></form></div>");
}

}  // namespace belay::sandbox::jira_datacenter
