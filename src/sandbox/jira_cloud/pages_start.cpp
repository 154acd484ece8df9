// Where a visitor begins: the start page with the people, the pages and the way through the demo; signing in; a person's own profile.
#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/pages.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

std::string link(std::string_view address, std::string_view words) { return "<a href=\"" + escape_html(address) + "\">" + escape_html(words) + "</a>"; }

std::string signing_in(std::string_view back, const Person& person) {
  const auto joint = back.find('?') == std::string_view::npos ? "?as=" : "&as=";
  return std::string(back) + joint + net::percent_encode(person.account_id);
}

std::string people_table(const Site& site, std::string_view back) {
  std::string rows;
  for (const auto& person : site.people) {
    if (person.type == "app") continue;
    rows += "<tr><td>" + picture(person.account_id, 24) + " <bdi>" + escape_html(person.name) + "</bdi></td><td>" + escape_html(person.job) + "</td><td>" + (person.email_visible ? "Shared" : "Hidden") + "</td><td>" +
            (person.active ? "<a href=\"" + escape_html(signing_in(back, person)) + "\">Sign in as <bdi>" + escape_html(person.name) + "</bdi></a>" : std::string("Deactivated")) + "</td></tr>";
  }
  return "<table><thead><tr><th scope=\"col\">Person</th><th scope=\"col\">In this company</th><th scope=\"col\">E-mail address</th><th scope=\"col\">Sign in</th></tr></thead><tbody>" + rows + "</tbody></table>";
}

/// The first person for whom this holds; the way through the demo names real people of the seed.
template <class Wanted>
const Person* first(const Site& site, Wanted wanted) {
  for (const auto& person : site.people) {
    if (person.type == "atlassian" && person.active && wanted(person)) return &person;
  }
  return nullptr;
}

std::string step(const Person* person, std::string_view address, std::string_view words, std::string_view after) {
  if (person == nullptr) return {};
  return "<li>" + link(signing_in(address, *person), words) + " <span class=\"quiet\">as <bdi>" + escape_html(person->name) + "</bdi></span>. " + std::string(after) + "</li>";
}

bool has_server(const forge::Installation* installation) { return installation != nullptr && installation->installed && !installation->remotes.empty(); }

/// What there is to set up, by what the sandbox knows: whether the app is installed, and whom it talks to. Whether the two are paired only the
/// server knows, so that is said for both.
std::string setting_up(const Site& site, const Person* admin, const forge::Installation* installation, const std::string& admin_page) {
  const auto pair = "<code>belayd pair --site " + escape_html(site.url) + "</code>";
  if (installation == nullptr || !installation->installed) return step(admin, "/plugins/servlet/upm/marketplace/featured", "Install Belay", "Then Manage apps, Belay, Configure leads to its admin page.");
  if (!has_server(installation)) {
    return step(admin, admin_page, "Set up Belay",
                "Give the app the server's address, then the code that " + pair + " prints. The terminal of <code>./run</code> shows the address and the whole command. Manage apps, Belay, Configure leads to the same page.");
  }
  return step(admin, admin_page, "Set up Belay",
              "The app talks to <code class=\"address\">" + escape_html(installation->remotes.begin()->second) + "</code>. <code>./run</code> has paired the two already, <code>./run --fresh</code> has not: where the page asks for a code, " +
                  pair + " prints one, and the terminal shows the whole command.");
}

}  // namespace

net::Response Pages::start_page(const Visit& visit) {
  const auto& site = visit.site;
  const auto* admin = first(site, [&](const Person& one) { return is_jira_admin(site, one.account_id); });
  const auto* project = site.projects.empty() ? nullptr : &site.projects.front();
  const auto* agent = first(site, [&](const Person& one) { return !is_jira_admin(site, one.account_id) && has_permission(site, {one.account_id, false}, project != nullptr && project->kind == "service_desk" ? "SERVICEDESK_AGENT" : "EDIT_ISSUES", project); });
  const std::string issue = site.issues.empty() ? "/issues/" : "/browse/" + site.issues.front().key;
  std::string main = "<h1>" + escape_html(site.name) + "</h1><p>This is a sandbox. It plays Jira Cloud, Jira Data Center and TeamViewer on this machine, so that Belay runs with no account anywhere. Nothing here leaves the machine.</p>";
  main += "<h2>The way through</h2><ol>";
  const auto* installation = forge_.installations.of_site(site.cloud_id);
  main += setting_up(site, admin, installation, app_address("/jira/settings/apps/"));
  if (const auto* personal = page_module("jira:personalSettingsPage", false)) {
    const auto title = forge::title_of(*personal, visit.person == nullptr ? "en-US" : visit.person->locale);
    main += step(agent, app_address("/jira/settings/personal/apps/"), "Connect a TeamViewer account",
                 "The page is called " + escape_html(title) + " in the menu behind the picture at the top right." +
                     (has_server(installation) ? " <code>./run</code> has connected this person already; after <code>./run --fresh</code> it is yours to do." : ""));
  }
  main += step(agent, issue, "Open a ticket", "Create a session in the panel at the right and watch the invitation appear among the comments.");
  main += "<li>Follow the link in the invitation, as the customer would. " + link(stage_.addresses.teamviewer + "/", "TeamViewer's pages") + " show what the other side sees.</li>";
  main += "<li>Back on the ticket, choose Connect to session.</li></ol>";
  main += "<h2>Pages</h2><ul><li>" + link("/issues/", "All tickets") + "</li><li>" + link("/plugins/servlet/upm", "Manage apps") + "</li><li>" + link("/plugins/servlet/upm/marketplace/featured", "Find new apps") + "</li><li>" +
          link(app_address("/jira/settings/apps/"), "Belay's admin page") + "</li><li>" + link(app_address("/jira/settings/personal/apps/"), "Belay's personal page") + "</li><li>" +
          (page_module("jira:globalPage", false) == nullptr ? std::string{} : link(app_address("/jira/apps/"), "Belay's own page") + "</li><li>") +
          (forge_.manifest.of_type("automation:actionProvider").empty() ? std::string{} : link("/jira/settings/automation", "A rule of Jira's automation") + "</li><li>") +
          link("/manage-profile/profile-and-visibility", "Profile and visibility") + "</li><li>" + link(stage_.addresses.teamviewer + "/", "TeamViewer") + "</li></ul>";
  main += "<h2>Tickets</h2><ul>";
  for (const auto& one : site.issues) main += "<li>" + link("/browse/" + one.key, one.key) + " <bdi>" + escape_html(one.summary) + "</bdi></li>";
  main += "</ul>";
  if (page_module("jira:projectSettingsPage", false) != nullptr) {
    main += "<h2>Settings of a project</h2><p>Belay's page there, as an admin of the project sees it.</p><ul>";
    for (const auto& one : site.projects) {
      const auto* keeper = first(site, [&](const Person& person) { return has_permission(site, {person.account_id, false}, "ADMINISTER_PROJECTS", &one); });
      main += step(keeper, app_address("/jira/software/projects/" + one.key + "/settings/apps/"), one.name, "");
    }
    main += "</ul>";
  }
  if (page_module("jiraServiceManagement:queuePage", false) != nullptr) {
    main += "<h2>Queues</h2><p>Belay's page among the queues of a service project.</p><ul>";
    for (const auto& one : site.projects) {
      const auto* agent_there = one.kind != "service_desk" ? nullptr : first(site, [&](const Person& person) { return has_permission(site, {person.account_id, false}, "SERVICEDESK_AGENT", &one); });
      if (agent_there != nullptr) main += step(agent_there, app_address("/jira/servicedesk/projects/" + one.key + "/queues/apps/"), one.name, "");
    }
    main += "</ul>";
  }
  main += "<h2>Help Center</h2><p>The same tickets, as their customers see them.</p><ul>";
  for (const auto& one : site.issues) {
    const auto* desk = site.project(one.project);
    const auto* customer = site.person(one.reporter);
    if (desk == nullptr || desk->kind != "service_desk" || customer == nullptr || !customer->active) continue;
    main += step(customer, "/servicedesk/customer/portal/" + std::to_string(desk->desk) + "/" + one.key, one.key, "");
  }
  main += "</ul>";
  if (!stage_.addresses.own_jiras.empty()) {
    main += "<h2>Jira Data Center and Server</h2><p>The same panel in Jiras that a company runs itself. There people sign in to Belay first.</p><ul>";
    for (const auto& [title, ticket] : stage_.addresses.own_jiras) main += "<li>" + link(ticket, title) + "</li>";
    main += "</ul>";
  }
  main += "<h2>People</h2>" + people_table(site, "/");
  auto made = frame(visit, "Start", std::move(main));
  made.kind = "start";
  return page(made);
}

net::Response Pages::sign_in_page(const Visit& visit, std::string_view back) {
  // Only back to a page of this site.
  const auto target = back.starts_with('/') && !back.starts_with("//") ? std::string(back) : std::string("/");
  auto made = frame(visit, "Sign in", "<h1>Sign in</h1><p>Choose who you are. There are no passwords in the sandbox.</p>" + people_table(visit.site, target));
  made.kind = "start";
  return page(made);
}

net::Response Pages::profile_page(const Visit& visit) {
  const auto& person = *visit.person;
  const auto option = [&](bool visible, std::string_view words) {
    return std::string("<option value=\"") + (visible ? "anyone" : "me") + "\"" + (person.email_visible == visible ? " selected" : "") + ">" + std::string(words) + "</option>";
  };
  auto made = frame(visit, "Profile and visibility",
                    "<h1>Profile and visibility</h1><form method=\"post\" action=\"/_profile\"><input type=\"hidden\" name=\"back\" value=\"/manage-profile/profile-and-visibility\"><dl class=\"details\"><dt>Name</dt><dd><bdi>" +
                        escape_html(person.name) + "</bdi></dd><dt>E-mail address</dt><dd>" + escape_html(person.email) +
                        "</dd></dl><p><label for=\"email-visible\">Who can see your e-mail address</label> <select id=\"email-visible\" name=\"emailVisible\">" + option(true, "Anyone") +
                        option(false, "Only you and admins") + "</select> <button type=\"submit\" class=\"button\">Save changes</button></p></form>");
  return page(made);
}

net::Response Pages::issues_page(const Visit& visit) {
  const Caller caller{visit.person->account_id, false};
  std::string rows;
  for (const auto& issue : visit.site.issues) {
    if (!may_browse(visit.site, caller, issue)) continue;
    const auto* reporter = visit.site.person(issue.reporter);
    rows += "<tr><td>" + link("/browse/" + issue.key, issue.key) + "</td><td><bdi>" + escape_html(issue.summary) + "</bdi></td><td><bdi>" + escape_html(reporter == nullptr ? "" : reporter->name) + "</bdi></td><td><span class=\"lozenge\">" +
            escape_html(issue.status) + "</span></td><td>" + age_in_words(stage_.clock.now() - issue.updated) + "</td></tr>";
  }
  auto made = frame(visit, "All work", "<h1>All work</h1><table><thead><tr><th scope=\"col\">Key</th><th scope=\"col\">Summary</th><th scope=\"col\">Reporter</th><th scope=\"col\">Status</th><th scope=\"col\">Updated</th></tr></thead><tbody>" + rows + "</tbody></table>");
  made.kind = "start";
  return page(made);
}

std::string age_in_words(Milliseconds age) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  const auto say = [](std::int64_t count, std::string_view unit) { return std::to_string(count) + " " + std::string(unit) + (count == 1 ? "" : "s") + " ago"; };
  if (minutes < 1) return "just now";
  if (minutes < 60) return say(minutes, "minute");
  if (minutes < 60 * 24) return say(minutes / 60, "hour");
  return say(minutes / (60 * 24), "day");
}

}  // namespace belay::sandbox::jira_cloud
