#include "sandbox/jira_datacenter/page_frame.hpp"

#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

constexpr std::string_view kStyle =
    ":root{color-scheme:light}[data-color-mode=dark]{color-scheme:dark}"
    "body{font:14px/20px sans-serif;margin:0;color:#172b4d;background:#fff}[data-color-mode=dark] body{color:#c7d1db;background:#1d2125}"
    "a{color:#0052cc}[data-color-mode=dark] a{color:#85b8ff}"
    "header{display:flex;flex-wrap:wrap;gap:16px;align-items:center;padding:8px 16px;border-bottom:1px solid #dfe1e6}header nav{display:flex;flex-wrap:wrap;gap:16px;flex:1}"
    "details{position:relative}.menu{position:absolute;inset-inline-end:0;z-index:1;display:grid;gap:8px;padding:12px;background:#fff;border:1px solid #dfe1e6;min-inline-size:200px}[data-color-mode=dark] .menu{background:#22272b}"
    "main{padding:16px;display:flex;flex-wrap:wrap;gap:24px;align-items:flex-start}.issue{flex:1 1 400px}aside{inline-size:340px}pre{white-space:pre-wrap;font:inherit}iframe{border:0;inline-size:100%}"
    "ul{padding-inline-start:20px}textarea{display:block;inline-size:100%;min-block-size:60px}code{overflow-wrap:anywhere}";

std::string language_of(const Visit& visit) { return visit.person == nullptr ? std::string("en") : visit.person->locale.substr(0, visit.person->locale.find('_')); }
std::string locale_of(const Visit& visit) { return visit.person == nullptr ? std::string("en_US") : visit.person->locale; }

std::string links_of(const Visit& visit, std::string_view section) {
  std::string html;
  for (const auto& [words, address] : visit.plugin.links(section, locale_of(visit))) html += link(address, words);
  return html;
}

std::string bar_of(const Visit& visit, Surroundings surroundings) {
  std::string bar = "<header><nav aria-label=\"Jira\">" + link(surroundings == Surroundings::portal ? "/servicedesk/customer/portals" : "/secure/Dashboard.jspa", visit.site.title + " " + visit.site.version);
  if (visit.person == nullptr) return bar + "</nav></header>";
  const bool plain = surroundings == Surroundings::portal;
  if (!plain) bar += links_of(visit, "system.top.navigation.bar");
  if (!plain && is_admin(visit.site, visit.person->key)) bar += link("/secure/admin/ViewApplicationProperties.jspa", "Administration");
  bar += "</nav><details><summary aria-label=\"User profile\">" + isolated(visit.person->display_name) + "</summary><div class=\"menu\">" + link("/secure/ViewProfile.jspa", "Profile");
  if (!plain) bar += links_of(visit, "system.user.options/personal");
  return bar + link("/login.jsp?os_destination=" + net::percent_encode(visit.request.target), "Log in as somebody else") + "</div></details></header>";
}

std::string resources_of(const Visit& visit) {
  std::string head;
  for (const auto& path : visit.plugin.resources()) {
    const auto address = escape_html("/download/resources/belay/" + path);
    head += path.ends_with(".css") ? "<link rel=\"stylesheet\" href=\"" + address + "\">" : "<script src=\"" + address + "\" defer></script>";
  }
  return head;
}

// A real Jira says less: that its pages stand in frames of its own alone. The rest keeps this one from loading what a plugin's script might try.
std::string policy_of(const Visit& visit) {
  std::string frames;
  for (const auto& origin : visit.plugin.origins()) frames += " " + origin;
  return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src" + (frames.empty() ? " 'none'" : frames) + "; base-uri 'none'; frame-ancestors 'self'";
}

}  // namespace

net::Response page(const Visit& visit, std::string_view title, std::string main, Surroundings surroundings, unsigned status) {
  const auto mode = visit.site.has_themes() ? " data-color-mode=\"" + std::string(visit.person != nullptr && visit.person->theme == "dark" ? "dark" : "light") + "\"" : std::string();
  auto answer = text_answer(status, "text/html;charset=UTF-8",
                            "<!doctype html>\n<html lang=\"" + escape_html(language_of(visit)) + "\"" + mode + "><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"ajs-user-locale\" content=\"" +
                                escape_html(locale_of(visit)) + "\"><meta name=\"ajs-remote-user\" content=\"" + escape_html(visit.person == nullptr ? std::string() : visit.person->name) + "\"><title>" + escape_html(title) + " - " + escape_html(visit.site.title) + "</title><link rel=\"stylesheet\" href=\"/download/resources/jira.css\">" +
                                (surroundings == Surroundings::issue_view ? resources_of(visit) : std::string()) + "</head><body>" + bar_of(visit, surroundings) + "<main>" + main + "</main></body></html>\n");
  answer.headers.emplace("X-Frame-Options", "SAMEORIGIN");
  answer.headers.emplace("X-Content-Type-Options", "nosniff");
  answer.headers.emplace("Content-Security-Policy", policy_of(visit));
  return answer;
}

net::Response not_found_page(const Visit& visit) { return page(visit, "Not found", "<div><h1>Not found</h1><p>It is not there, or you may not see it.</p></div>", Surroundings::jira, 404); }

net::Response stylesheet() { return text_answer(200, "text/css", std::string(kStyle)); }

std::string link(std::string_view address, std::string_view words) { return "<a href=\"" + escape_html(address) + "\">" + escape_html(words) + "</a>"; }

std::string hidden_field(std::string_view name, std::string_view value) { return "<input type=\"hidden\" name=\"" + std::string(name) + "\" value=\"" + escape_html(value) + "\">"; }

std::string isolated(std::string_view text) { return "<bdi>" + escape_html(text) + "</bdi>"; }

std::string field(const net::Request& request, std::string_view name) {
  for (const auto& [key, value] : net::form_decode(request.body).value_or(std::vector<std::pair<std::string, std::string>>{})) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace belay::sandbox::jira_datacenter
