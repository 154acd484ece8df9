// A ticket as an agent sees it, and as its customer sees it in the portal; the iframe in which the app's page stands.
#include <boost/json/serialize.hpp>

#include "sandbox/clock.hpp"
#include "sandbox/forge/invocation.hpp"
#include "sandbox/jira_cloud/document.hpp"
#include "sandbox/jira_cloud/pages.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

// As Forge's Custom UI iframes have them: no pop-ups and no top navigation, so that links have to go through the bridge.
constexpr std::string_view kSandbox = "allow-downloads allow-forms allow-modals allow-pointer-lock allow-same-origin allow-scripts";
constexpr std::string_view kAllow = "camera; clipboard-write; display-capture; fullscreen; microphone";

std::string person_cell(const Site& site, std::string_view account) {
  const auto* person = site.person(account);
  if (person == nullptr) return "<span class=\"quiet\">Unassigned</span>";
  return picture(account, 24) + " <bdi>" + escape_html(person->name) + "</bdi>" + (person->active ? "" : " <span class=\"quiet\">(deactivated)</span>");
}

std::string comment_box(const std::string& address, bool offers_internal) {
  return "<form method=\"post\" action=\"" + escape_html(address) + "\" class=\"comment-box\"><label for=\"comment-text\">Add a comment</label><textarea id=\"comment-text\" name=\"text\" rows=\"3\" dir=\"auto\" required></textarea>" +
         (offers_internal ? "<label class=\"inline\"><input type=\"checkbox\" name=\"internal\" value=\"yes\"> Internal note</label>" : "") + "<button type=\"submit\" class=\"button primary\">Save</button></form>";
}

}  // namespace

std::string Pages::activity(const Visit& visit, const Issue& issue, bool in_portal) const {
  const auto& site = visit.site;
  const Caller caller{visit.person->account_id, false};
  const DocumentReader reader{[&](std::string_view account) {
                                const auto* person = site.person(account);
                                return person == nullptr ? std::string{} : person->name;
                              },
                              visit.person->locale};
  std::string list;
  for (const auto& comment : issue.comments) {
    if (!may_see(site, caller, issue, comment) || (in_portal && !comment.is_public)) continue;
    const auto* author = site.person(comment.author);
    list += "<li class=\"comment" + std::string(comment.is_public ? "" : " internal") + "\" id=\"comment-" + std::to_string(comment.id) + "\">" + picture(comment.author, 32) + "<div><p class=\"comment-head\"><bdi class=\"author\">" +
            escape_html(author == nullptr ? "Former user" : author->name) + "</bdi>" + (author != nullptr && author->type == "app" ? " <span class=\"lozenge\">App</span>" : "") + " <time datetime=\"" + to_iso8601(comment.created) +
            "\">" + day_in_words(to_millis(comment.created), visit.person->locale) + ", " + to_iso8601(comment.created).substr(11, 5) + " UTC</time>" + (comment.updated > comment.created ? " <span class=\"quiet\">edited</span>" : "") +
            (comment.is_public ? "" : " <span class=\"lozenge warning\">Internal note</span>") +
            (comment.visibility ? " <span class=\"lozenge\">Restricted to <bdi>" + escape_html(comment.visibility->value) + "</bdi></span>" : std::string{}) +
            "</p><div class=\"document\">" + document_html(comment.body, reader) + "</div></div></li>";
  }
  return list.empty() ? "<p class=\"quiet\">No comments yet</p>" : "<ol class=\"comments\">" + list + "</ol>";
}

std::string Pages::module_frame(const Visit& visit, const forge::Module& module, Place place, std::string_view base, std::string_view subpath) const {
  const auto* installation = forge_.installations.of_site(visit.site.cloud_id);
  if (installation == nullptr || !installation->installed) return {};
  const auto& person = *visit.person;
  const auto local_id = "ari:cloud:ecosystem::extension/" + forge_.manifest.app_uuid() + "/" + forge_.environment.id + "/static/" + module.key;
  const forge::Occasion occasion{.installation = installation, .site = &visit.site, .module = &module, .account = person.account_id, .issue = place.in_portal ? nullptr : place.issue, .request = place.in_portal ? place.issue : nullptr, .project = place.project, .local_id = local_id};
  auto extension = forge::extension_of(occasion);
  if (module.type == "action") extension["data"] = json::object{{"inputs", json::object{}}};   // the form of a rule that is new
  json::array scopes(forge_.manifest.scopes.begin(), forge_.manifest.scopes.end());
  const json::object context{{"accountId", person.account_id},
                             {"cloudId", visit.site.cloud_id},
                             {"environmentId", forge_.environment.id},
                             {"environmentType", forge_.environment.type},
                             {"extension", std::move(extension)},
                             {"localId", local_id},
                             {"locale", person.locale},
                             {"moduleKey", module.key},
                             {"siteUrl", visit.site.url},
                             {"timezone", person.time_zone},
                             {"theme", json::object{{"colorMode", person.theme == "dark" ? "dark" : "light"}, {"light", "light"}, {"dark", "dark"}, {"spacing", "spacing"}}},
                             {"surfaceColor", nullptr},
                             {"permissions", json::object{{"scopes", std::move(scopes)}}}};
  const auto title = forge::title_of(module, person.locale);
  return "<iframe class=\"forge\" title=\"" + escape_html(title) + "\" src=\"" + stage_.addresses.forge + "/" + forge_.environment.id + "/" + module.resource + "/index.html\" sandbox=\"" + std::string(kSandbox) + "\" allow=\"" +
         std::string(kAllow) + "\" data-module=\"" + escape_html(module.key) + "\" data-issue=\"" + escape_html(place.issue == nullptr ? "" : place.issue->key) + "\" data-portal=\"" + (place.in_portal ? "yes" : "") +
         "\" data-project=\"" + escape_html(place.project == nullptr ? "" : place.project->key) + "\" data-base=\"" + escape_html(base) +
         "\" data-subpath=\"" + escape_html(subpath) + "\" data-context=\"" + escape_html(boost::json::serialize(context)) + "\"></iframe>";
}

net::Response Pages::issue_page(const Visit& visit, std::string_view key) {
  auto& site = visit.site;
  const auto* issue = site.issue(key);
  const Caller caller{visit.person->account_id, false};
  if (issue == nullptr || !may_browse(site, caller, *issue)) return not_found_page(visit);
  if (issue->key != key) return redirect("/browse/" + issue->key);  // moved: Jira follows its former key
  const auto* project = site.project(issue->project);
  const DocumentReader reader{[&](std::string_view account) { return site.person(account) == nullptr ? std::string{} : site.person(account)->name; }, visit.person->locale};

  std::string main = "<div class=\"issue-main\"><p class=\"crumbs\"><a href=\"/issues/\">Work</a> / " + escape_html(project->name) + " / <a href=\"/browse/" + issue->key + "\">" + issue->key + "</a></p><h1><bdi>" + escape_html(issue->summary) +
                     "</bdi></h1><section aria-labelledby=\"description\"><h2 id=\"description\">Description</h2><div class=\"document\">" +
                     (issue->description.is_null() ? "<p class=\"quiet\">Add a description</p>" : document_html(issue->description, reader)) +
                     "</div></section><section aria-labelledby=\"activity-heading\"><h2 id=\"activity-heading\">Activity</h2><div id=\"activity\" data-source=\"/browse/" + issue->key + "/activity\">" + activity(visit, *issue, false) + "</div>" +
                     (has_permission(site, caller, "ADD_COMMENTS", project) ? comment_box("/browse/" + issue->key + "/comment", project->kind == "service_desk") : std::string{}) + "</section></div>";
  main += "<aside class=\"issue-side\" aria-label=\"Details and apps\">";
  for (const auto* module : forge_.manifest.of_type("jira:issueContext")) {
    const auto iframe = module_frame(visit, *module, {.issue = issue}, "/browse/" + issue->key, "");
    if (iframe.empty()) continue;
    main += "<details class=\"side-panel app\" open><summary><h2>" + escape_html(forge::title_of(*module, visit.person->locale)) + "</h2></summary>" + iframe + "</details>";
  }
  main += "<details class=\"side-panel\" open><summary><h2>Details</h2></summary><dl class=\"details\"><dt>Status</dt><dd><span class=\"lozenge\">" + escape_html(issue->status) + "</span></dd><dt>Assignee</dt><dd>" +
          person_cell(site, issue->assignee) + "</dd><dt>Reporter</dt><dd>" + person_cell(site, issue->reporter) + "</dd>";
  if (!issue->participants.empty()) {
    main += "<dt>Request participants</dt><dd>";
    for (const auto& account : issue->participants) main += "<div>" + person_cell(site, account) + "</div>";
    main += "</dd>";
  }
  if (!issue->organizations.empty()) {
    main += "<dt>Organizations</dt><dd>";
    for (const auto& name : issue->organizations) main += "<div><bdi>" + escape_html(name) + "</bdi></div>";
    main += "</dd>";
  }
  main += "<dt>Priority</dt><dd>" + escape_html(issue->priority) + "</dd><dt>Type</dt><dd>" + escape_html(issue->type) + "</dd></dl></details><p class=\"quiet\">Created " + age_in_words(stage_.clock.now() - issue->created) + "<br>Updated " +
          age_in_words(stage_.clock.now() - issue->updated) + "</p></aside>";
  auto made = frame(visit, issue->key + " " + issue->summary, std::move(main));
  made.kind = "issue";
  return page(made);
}

net::Response Pages::portal_page(const Visit& visit, std::string_view key) {
  auto& site = visit.site;
  const auto* issue = site.issue(key);
  const Caller caller{visit.person->account_id, false};
  const auto* project = issue == nullptr ? nullptr : site.project(issue->project);
  const bool welcome = project != nullptr && project->kind == "service_desk" && visit.request.path[3] == std::to_string(project->desk) && (is_customer_of(site, *issue, caller.account) || may_browse(site, caller, *issue));
  if (!welcome) return not_found_page(visit);
  const DocumentReader reader{[&](std::string_view account) { return site.person(account) == nullptr ? std::string{} : site.person(account)->name; }, visit.person->locale};
  const auto here = "/servicedesk/customer/portal/" + std::to_string(project->desk) + "/" + issue->key;
  std::string main = "<div class=\"issue-main\"><p class=\"crumbs\">Help Center / " + escape_html(project->name) + " / " + issue->key + "</p><h1><bdi>" + escape_html(issue->summary) + "</bdi></h1><p><span class=\"lozenge\">" +
                     escape_html(issue->status) + "</span></p><div class=\"document\">" + (issue->description.is_null() ? std::string{} : document_html(issue->description, reader)) +
                     "</div><section aria-labelledby=\"activity-heading\"><h2 id=\"activity-heading\">Activity</h2><div id=\"activity\">" + activity(visit, *issue, true) + "</div>" + comment_box(here + "/comment", false) + "</section></div>";
  std::string side;
  for (const auto* module : forge_.manifest.of_type("jiraServiceManagement:portalRequestDetailPanel")) {
    if (!forge::is_open_to(*module, visit.person->type)) continue;
    const auto iframe = module_frame(visit, *module, {.issue = issue, .in_portal = true}, here, "");
    if (!iframe.empty()) side += "<section class=\"side-panel app\"><h2>" + escape_html(forge::title_of(*module, visit.person->locale)) + "</h2>" + iframe + "</section>";
  }
  if (!side.empty()) main += "<aside class=\"issue-side\" aria-label=\"Apps\">" + side + "</aside>";
  auto made = frame(visit, issue->key + " " + issue->summary, std::move(main));
  made.kind = "issue";
  return page(made);
}

}  // namespace belay::sandbox::jira_cloud
