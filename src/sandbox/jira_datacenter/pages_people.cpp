// Who somebody is, what they allow, and where they can go: start, sign-in, consent, profile, administration.
#include <algorithm>

#include "sandbox/jira_datacenter/pages.hpp"
#include "sandbox/jira_datacenter/personal_tokens.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

std::string people_to_be(const Site& site, const std::string& back) {
  std::string list;
  for (const auto& person : site.people) {
    const auto address = back + (back.contains('?') ? "&" : "?") + "as=" + net::percent_encode(person.name);
    if (person.active) list += "<li>" + link(address, person.display_name) + "</li>";
  }
  return "<ul>" + list + "</ul>";
}

std::string words_of(std::string_view scope) {
  if (scope == "READ") return "View projects and issues";
  if (scope == "WRITE") return "Create, update, and delete projects and issues";
  return scope == "ADMIN" ? "Administer Jira" : "Administer Jira system";
}

net::Response no_such_application(const Visit& visit) { return page(visit, "Refused", "<div><h1>Unknown application</h1><p>No application of this id may send you here, or not with this address to come back to.</p></div>", Surroundings::jira, 400); }

}  // namespace

net::Response Pages::start_page(const Visit& visit) {
  std::string issues, requests, portals;
  for (const auto& issue : visit.site.issues) {
    const auto& project = visit.site.project_of(issue);
    const auto line = [&](const std::string& address) { return "<li>" + link(address, issue.key) + " " + isolated(issue.summary) + "</li>"; };
    if (may_browse(visit.site, visit.person->key, project)) issues += line("/browse/" + issue.key);
    if (is_customer(visit.site, visit.person->key, issue)) requests += line("/servicedesk/customer/portal/" + std::to_string(project.desk) + "/" + issue.key);
  }
  for (const auto& project : visit.site.projects) {
    if (project.service) portals += "<li>" + link("/servicedesk/customer/portal/" + std::to_string(project.desk), project.name) + "</li>";
  }
  std::string main = "<div class=\"issue\"><h1>System Dashboard</h1><h2>Issues</h2><ul>" + issues + "</ul>";
  if (!requests.empty()) main += "<h2>Requests of yours</h2><ul>" + requests + "</ul>";
  if (!portals.empty()) main += "<h2>Customer portals</h2><ul>" + portals + "</ul>";
  return page(visit, "System Dashboard", main + "</div><div><h2>Log in as</h2>" + people_to_be(visit.site, "/secure/Dashboard.jspa") + "</div>");
}

net::Response Pages::sign_in_page(const Visit& visit) {
  // Only back to a page of this site.
  auto back = visit.request.target.starts_with("/login.jsp") ? std::string(visit.request.parameter("os_destination").value_or("/")) : visit.request.target;
  if (!back.starts_with('/') || back.starts_with("//") || back.starts_with("/\\")) back = "/";
  return page(visit, "Log in", "<div><h1>Log in</h1><p>Choose who you are. There are no passwords in the sandbox.</p>" + people_to_be(visit.site, back) + "</div>");
}

net::Response Pages::consent_page(const Visit& visit) {
  if (!visit.site.has_oauth()) return not_found_page(visit);
  const auto wish = wish_of(visit.request.query);
  const auto* client = OAuth::client_of(visit.site, wish);
  if (client == nullptr) return no_such_application(visit);
  if (const auto problem = OAuth::problem_of(*client, wish)) return redirect(OAuth::deny(wish, *problem));
  const auto keep = hidden_field("client_id", wish.client_id) + hidden_field("redirect_uri", wish.redirect_uri) + hidden_field("response_type", wish.response_type) + hidden_field("state", wish.state) + hidden_field("scope", wish.scope) +
                    hidden_field("code_challenge", wish.challenge) + hidden_field("code_challenge_method", wish.challenge_method);
  return page(visit, "Allow access", "<div><h1>" + isolated(client->name) + " is requesting access to your Jira account</h1><p>You are logged in as " + isolated(visit.person->display_name) + ". It will be able to:</p><ul><li>" + words_of(wish.scope) +
                                         "</li></ul><form method=\"post\" action=\"/rest/oauth2/latest/authorize\">" + keep + "<button name=\"allow\" value=\"yes\">Allow</button> <button name=\"allow\" value=\"no\">Deny</button></form></div>");
}

net::Response Pages::decide(const Visit& visit) {
  if (!visit.site.has_oauth()) return not_found_page(visit);
  const auto wish = wish_of(net::form_decode(visit.request.body).value_or(std::vector<std::pair<std::string, std::string>>{}));
  const auto* client = OAuth::client_of(visit.site, wish);
  if (client == nullptr) return no_such_application(visit);
  if (const auto problem = OAuth::problem_of(*client, wish)) return redirect(OAuth::deny(wish, *problem));
  return redirect(field(visit.request, "allow") == "yes" ? oauth_.allow(visit.site, wish, visit.person->key) : OAuth::deny(wish, "access_denied"));
}

net::Response Pages::profile_page(const Visit& visit, std::string_view fresh_token) {
  const auto& person = *visit.person;
  std::string main = "<div><h1>" + isolated(person.display_name) + "</h1><dl><dt>Username</dt><dd>" + isolated(person.name) + "</dd><dt>Email</dt><dd>" + isolated(person.email) + "</dd></dl>";
  if (!visit.site.has_personal_tokens()) return page(visit, "Profile", main + "</div>");
  main += "<h2>Personal access tokens</h2>";
  if (!fresh_token.empty()) main += "<p>Your token, shown once: <code>" + escape_html(fresh_token) + "</code></p>";
  std::vector<const Token*> own;
  for (const auto& [text, token] : visit.site.tokens) {
    if (token.is_personal() && token.person == person.key) own.push_back(&token);
  }
  std::ranges::sort(own, {}, &Token::id);
  for (const auto* token : own) {
    main += "<form method=\"post\" action=\"/secure/ViewProfile.jspa\"><p>" + isolated(token->name) + (token->ends ? ", until " + to_iso8601(*token->ends) : ", without an end") + " <button name=\"revoke\" value=\"" + std::to_string(token->id) + "\">Revoke</button></p></form>";
  }
  return page(visit, "Profile", main + "<form method=\"post\" action=\"/secure/ViewProfile.jspa\"><p><label>Token name <input name=\"name\"></label> <label>Days until it ends <input name=\"days\" inputmode=\"numeric\"></label></p><button>Create token</button></form></div>");
}

net::Response Pages::change_profile(const Visit& visit) {
  if (!visit.site.has_personal_tokens()) return not_found_page(visit);
  if (const auto id = number_of(field(visit.request, "revoke"))) {
    revoke_token(by_hand(visit), *id);
    return redirect("/secure/ViewProfile.jspa");
  }
  const auto name = field(visit.request, "name");
  return profile_page(visit, make_token(by_hand(visit), name.empty() ? "Token" : name, number_of(field(visit.request, "days"))).text);
}

net::Response Pages::admin_page(const Visit& visit) {
  if (!is_admin(visit.site, visit.person->key)) return page(visit, "Administration", "<div><h1>Access denied</h1><p>Only Jira administrators see this page.</p></div>", Surroundings::jira, 403);
  const auto& site = visit.site;
  std::string apps, applications, webhooks;
  for (const auto& [words, address] : visit.plugin.links("admin_plugins_menu", visit.person->locale)) apps += "<li>" + link(address, words) + "</li>";
  for (const auto& client : site.clients) applications += "<li>" + isolated(client.name) + ": <code>" + escape_html(client.id) + "</code>, " + escape_html(client.scope) + "</li>";
  for (const auto& webhook : site.webhooks) webhooks += "<li><code>" + escape_html(webhook.url) + "</code>" + (webhook.secret.empty() ? "" : ", signed") + (webhook.enabled ? "" : ", disabled") + "</li>";
  const auto section = [](std::string_view title, const std::string& list) { return "<h2>" + std::string(title) + "</h2>" + (list.empty() ? "<p>None.</p>" : "<ul>" + list + "</ul>"); };
  return page(visit, "Administration", "<div><h1>General configuration</h1><dl><dt>Title</dt><dd>" + isolated(site.title) + "</dd><dt>Base URL</dt><dd>" + escape_html(site.url) + "</dd><dt>Version</dt><dd>" + escape_html(site.version) + ", " +
                                           (site.server ? "Server" : "Data Center") + "</dd></dl>" + section("Apps", apps) + (site.has_oauth() ? section("Application links, incoming", applications) : std::string()) + section("WebHooks", webhooks) + "</div>");
}

// In its links Jira fills in the project's key.
net::Response Pages::project_page(const Visit& visit, std::string_view key) {
  const auto* project = visit.site.project(key);
  if (project == nullptr || !may_administer(visit.site, visit.person->key, *project)) return not_found_page(visit);
  constexpr std::string_view reference = "$projectKeyEncoded";
  std::string apps;
  for (auto [words, address] : visit.plugin.links("atl.jira.proj.config", visit.person->locale)) {
    if (const auto at = address.find(reference); at != std::string::npos) address.replace(at, reference.size(), net::percent_encode(project->key));
    apps += "<li>" + link(address, words) + "</li>";
  }
  return page(visit, project->name, "<div><h1>" + isolated(project->name) + "</h1><h2>Project settings</h2>" + (apps.empty() ? "<p>No app is installed.</p>" : "<ul>" + apps + "</ul>") + "</div>");
}

}  // namespace belay::sandbox::jira_datacenter
