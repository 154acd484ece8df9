// A rule of Jira's automation with one action of the app in it: the action's own form, and a button that runs the rule.
#include "sandbox/jira_cloud/pages.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

constexpr std::string_view kAddress = "/jira/settings/automation";

std::string option(std::string_view value, std::string_view words) { return "<option value=\"" + escape_html(value) + "\">" + escape_html(words) + "</option>"; }

std::string rule_form(const Site& site, const forge::Module& action) {
  std::string issues;
  for (const auto& issue : site.issues) issues += option(issue.key, issue.key + " " + issue.summary);
  std::string people = option("", "Nobody: the action has no connection");
  for (const auto& person : site.people) {
    if (person.type == "atlassian" && person.active) people += option(person.account_id, person.name);
  }
  return "<form method=\"post\" action=\"/_automation/run\" class=\"rule\"><input type=\"hidden\" name=\"action\" value=\"" + escape_html(action.key) + "\"><input type=\"hidden\" name=\"inputs\" data-inputs-of=\"" +
         escape_html(action.key) + "\" value=\"{}\"><p><label for=\"rule-issue\">Ticket that sets the rule off</label> <select id=\"rule-issue\" name=\"issue\">" + issues +
         "</select></p><p><label for=\"rule-actor\">Runs as</label> <select id=\"rule-actor\" name=\"actor\">" + people + "</select></p><button type=\"submit\" class=\"button primary\">Run rule</button></form>";
}

std::string said(const json::object& ran) {
  const bool succeeded = json::string_at(ran, "outcome") == "success";
  std::string sentences;
  for (const auto& sentence : ran.at("errors").as_array()) sentences += "<li>" + escape_html(sentence.as_string()) + "</li>";
  return "<section aria-labelledby=\"audit-log\"><h2 id=\"audit-log\">Audit log</h2><p><span class=\"lozenge" + std::string(succeeded ? "" : " warning") + "\">" + (succeeded ? "Success" : "Failure") + "</span></p>" +
         (sentences.empty() ? std::string{} : "<ul>" + sentences + "</ul>") + "</section>";
}

}  // namespace

net::Response Pages::automation_page(const Visit& visit, std::string_view outcome) {
  if (!is_jira_admin(visit.site, visit.person->account_id)) return no_access_page(visit, "Only Jira admins can see it.");
  std::string main = "<h1>Automation</h1><p>A rule with one action of an app. It runs when you say so, for the ticket and in the name of the person that you choose.</p>" + std::string(outcome);
  for (const auto* provider : forge_.manifest.of_type("automation:actionProvider")) {
    for (const auto& key : provider->actions) {
      const auto* action = forge_.manifest.module(key);
      const auto form = action == nullptr ? std::string{} : module_frame(visit, *action, {}, kAddress, "");
      if (form.empty()) continue;
      const auto title = escape_html(forge::title_of(*action, visit.person->locale));
      main += "<h2>" + title + "</h2>" + form + rule_form(visit.site, *action);
    }
  }
  auto made = frame(visit, "Automation", std::move(main));
  made.kind = "app-page";
  return page(made);
}

Task<net::Response> Pages::run_rule(Visit visit) {
  const auto* installation = forge_.installations.of_site(visit.site.cloud_id);
  const auto fields = net::form_decode(visit.request.body);
  if (!fields || installation == nullptr || !installation->installed || !is_jira_admin(visit.site, visit.person->account_id)) co_return no_access_page(visit, "Only Jira admins can run rules.");
  const auto field = [&](std::string_view name) {
    for (const auto& [key, value] : *fields) {
      if (key == name) return value;
    }
    return std::string{};
  };
  auto inputs = json::parse_object(field("inputs"));
  forge::RuleRun run{.installation = installation, .site = &visit.site, .action = field("action"), .actor = field("actor"), .issue = visit.site.issue(field("issue")), .inputs = inputs ? std::move(*inputs) : json::object{}};
  const auto ran = co_await forge_.automation.run(std::move(run));
  co_return automation_page(visit, ran ? said(*ran) : "<p role=\"alert\">The rule cannot be saved: " + escape_html(ran.error().cause) + "</p>");
}

}  // namespace belay::sandbox::jira_cloud
