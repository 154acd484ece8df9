// An issue: as Jira shows it, with the plugin's panel at its right, and as its customers see it in the portal, where no plugin of ours stands.
#include "sandbox/jira_datacenter/pages.hpp"
#include "sandbox/jira_datacenter/rights.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {
namespace {

std::string name_of(const Site& site, std::string_view key, std::string_view otherwise) {
  const auto* person = site.person(key);
  return isolated(person == nullptr ? otherwise : std::string_view(person->display_name));
}

std::string shown(const Site& site, const Comment& comment) {
  std::string marks;
  if (comment.internal) marks += " <i>internal</i>";
  if (comment.visibility) marks += " <i>restricted to " + escape_html(comment.visibility->value) + "</i>";
  return "<li id=\"comment-" + std::to_string(comment.id) + "\"><b>" + name_of(site, comment.author, "Former user") + "</b>" + marks + "<pre>" + escape_html(comment.body) + "</pre></li>";
}

std::string comment_form(const std::string& action, bool asks_who_sees_it) {
  return "<form method=\"post\" action=\"" + escape_html(action) + "\"><label>Comment <textarea name=\"text\"></textarea></label>" +
         (asks_who_sees_it ? "<p><label><input type=\"checkbox\" name=\"internal\" value=\"yes\"> Internal</label></p>" : "") + "<button>Add</button></form>";
}

std::string portal_of(const Project& project) { return "/servicedesk/customer/portal/" + std::to_string(project.desk); }

bool sees_request(const Visit& visit, const Issue& issue) {
  const auto& project = visit.site.project_of(issue);
  return project.service && (may_browse(visit.site, visit.person->key, project) || is_customer(visit.site, visit.person->key, issue));
}

}  // namespace

net::Response Pages::issue_page(const Visit& visit, std::string_view key) {
  const auto& site = visit.site;
  const auto* issue = visit.site.issue(key);
  if (issue == nullptr || !may_browse(site, visit.person->key, site.project_of(*issue))) return not_found_page(visit);
  if (issue->key != key) return redirect("/browse/" + issue->key);
  std::string comments, participants;
  for (const auto& comment : issue->comments) {
    if (may_see(site, visit.person->key, *issue, comment)) comments += shown(site, comment);
  }
  for (const auto& participant : issue->participants) participants += (participants.empty() ? "" : ", ") + name_of(site, participant, "Former user");
  const auto& project = site.project_of(*issue);
  const auto panel = visit.plugin.is_installed() ? visit.plugin.panel(*issue) : std::string("<p>No apps are installed.</p>");
  return page(visit, issue->key + " " + issue->summary,
              "<div class=\"issue\"><p>" + escape_html(issue->key) + "</p><h1>" + isolated(issue->summary) + "</h1><p>" + escape_html(issue->type) + ", " + escape_html(issue->status) + "</p><pre>" + escape_html(issue->description) +
                  "</pre><p>Reporter: " + name_of(site, issue->reporter, "Anonymous") + ", assignee: " + name_of(site, issue->assignee, "Unassigned") + (participants.empty() ? "" : ", participants: " + participants) +
                  "</p><h2>Comments</h2><ul>" + comments + "</ul>" + comment_form("/browse/" + issue->key + "/comment", project.service) + "</div><aside aria-label=\"Apps\">" + panel + "</aside>",
              Surroundings::issue_view);
}

// Requests that the visitor has there; without `desk`, anywhere.
net::Response Pages::portal_page(const Visit& visit, std::string_view desk) {
  std::string list;
  for (const auto& issue : visit.site.issues) {
    const auto& project = visit.site.project_of(issue);
    if (!is_customer(visit.site, visit.person->key, issue) || (!desk.empty() && std::to_string(project.desk) != desk)) continue;
    list += "<li>" + link(portal_of(project) + "/" + issue.key, issue.key) + " " + isolated(issue.summary) + "</li>";
  }
  return page(visit, "Requests", "<div><h1>Requests</h1>" + (list.empty() ? std::string("<p>None.</p>") : "<ul>" + list + "</ul>") + "</div>", Surroundings::portal);
}

net::Response Pages::request_page(const Visit& visit, std::string_view key) {
  const auto& site = visit.site;
  const auto* issue = visit.site.issue(key);
  if (issue == nullptr || !sees_request(visit, *issue)) return not_found_page(visit);
  const auto here = portal_of(site.project_of(*issue)) + "/" + issue->key;
  if (visit.request.target.substr(0, visit.request.target.find('?')) != here) return redirect(here);
  std::string comments;
  for (const auto& comment : issue->comments) {
    if (is_public(comment)) comments += shown(site, comment);
  }
  return page(visit, issue->key + " " + issue->summary,
              "<div class=\"issue\"><p>" + escape_html(issue->key) + "</p><h1>" + isolated(issue->summary) + "</h1><p>" + escape_html(issue->status) + "</p><pre>" + escape_html(issue->description) + "</pre><h2>Activity</h2><ul>" + comments + "</ul>" +
                  comment_form(here + "/comment", false) + "</div>",
              Surroundings::portal);
}

net::Response Pages::take_comment(const Visit& visit, std::string_view key, bool from_portal) {
  auto* issue = visit.site.issue(key);
  const bool welcome = issue != nullptr && (from_portal ? sees_request(visit, *issue) : may_browse(visit.site, visit.person->key, visit.site.project_of(*issue)));
  if (!welcome) return not_found_page(visit);
  Comment comment;
  comment.body = field(visit.request, "text");
  std::erase(comment.body, '\r');
  comment.internal = !from_portal && field(visit.request, "internal") == "yes";
  if (comment.body.find_first_not_of(" \t\n") != std::string::npos) add_comment(by_hand(visit), *issue, std::move(comment));
  return redirect(from_portal ? portal_of(visit.site.project_of(*issue)) + "/" + issue->key : "/browse/" + issue->key);
}

}  // namespace belay::sandbox::jira_datacenter
