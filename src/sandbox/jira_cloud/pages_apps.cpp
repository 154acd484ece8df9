// The app's own pages at full width, and the pages where an admin installs and configures apps.
#include "sandbox/jira_cloud/pages.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {
namespace {

std::string app_card(std::string_view name, std::string_view version, std::string_view buttons) {
  return "<section class=\"card\" aria-labelledby=\"app-name\"><h2 id=\"app-name\">" + escape_html(name) + "</h2><p class=\"quiet\">Version " + escape_html(version) +
         "</p><p>Remote support inside the ticket. The app talks to a server that your company runs.</p><div class=\"buttons\">" + std::string(buttons) + "</div></section>";
}

std::string post_button(std::string_view address, std::string_view words, bool primary) {
  return "<form method=\"post\" action=\"" + std::string(address) + "\"><button type=\"submit\" class=\"button" + (primary ? " primary" : "") + "\">" + std::string(words) + "</button></form>";
}

}  // namespace

net::Response Pages::no_access_page(const Visit& visit, std::string_view sentence) {
  auto made = frame(visit, "No access", notice("You don't have access to this page", sentence));
  made.status = 403;
  return page(made);
}

// For projects of any kind at the one address that Forge's page on the module gives.
net::Response Pages::project_settings_page(const Visit& visit, std::string_view key) {
  const auto* project = visit.site.project(key);
  if (project == nullptr || project->key != key) return not_found_page(visit);
  if (!may_administer(visit.site, visit.person->account_id, *project)) return no_access_page(visit, "Only the project's admins can see it.");
  return module_page(visit, page_module("jira:projectSettingsPage", false), 6, false, {.project = project});
}

// Among the queues of a service project, for whoever works on its requests.
net::Response Pages::queue_page(const Visit& visit, std::string_view key) {
  const auto* project = visit.site.project(key);
  if (project == nullptr || project->key != key || project->kind != "service_desk") return not_found_page(visit);
  if (!has_permission(visit.site, {visit.person->account_id, false}, "SERVICEDESK_AGENT", project)) return no_access_page(visit, "Only the project's agents can see it.");
  return module_page(visit, page_module("jiraServiceManagement:queuePage", false), 6, false, {.project = project});
}

net::Response Pages::module_page(const Visit& visit, const forge::Module* module, std::size_t ids, bool for_admins, Place place) {
  const auto& path = visit.request.path;
  const bool ours = module != nullptr && path.size() >= ids + 2 && path[ids] == forge_.manifest.app_uuid() && path[ids + 1] == forge_.environment.id;
  if (!ours) return not_found_page(visit);
  if (for_admins && !is_jira_admin(visit.site, visit.person->account_id)) return no_access_page(visit, "Only Jira admins can see it.");
  // Decoded segments, put together again as they stand in an address.
  std::string base;
  for (std::size_t at = 0; at < ids + 2; ++at) base += "/" + net::percent_encode(path[at]);
  std::string subpath;
  for (std::size_t at = ids + 2; at < path.size(); ++at) subpath += "/" + net::percent_encode(path[at]);
  const auto iframe = module_frame(visit, *module, place, base, subpath);
  if (iframe.empty()) return not_found_page(visit);
  const auto title = forge::title_of(*module, visit.person->locale);
  const auto crumbs = place.project == nullptr ? std::string() : "<p class=\"crumbs\"><bdi>" + escape_html(place.project->name) + "</bdi> / " + (module->type == "jira:projectSettingsPage" ? "Project settings" : "Queues") + "</p>";
  auto made = frame(visit, title, crumbs + "<h1>" + escape_html(title) + "</h1>" + iframe);
  made.kind = "app-page";
  return page(made);
}

net::Response Pages::manage_apps_page(const Visit& visit) {
  const bool admin = is_jira_admin(visit.site, visit.person->account_id);
  const auto* installation = forge_.installations.of_site(visit.site.cloud_id);
  std::string main = "<h1>Manage apps</h1>";
  if (!admin) {
    main += "<p>Only Jira admins can see the apps of this site.</p>";
  } else if (installation == nullptr || !installation->installed) {
    main += "<p>No apps are installed. <a href=\"/plugins/servlet/upm/marketplace/featured\">Find new apps</a></p>";
  } else {
    main += app_card(forge_.environment.app_name, forge_.environment.version,
                     "<a class=\"button primary\" href=\"" + app_address("/jira/settings/apps/configure/") + "\">Configure</a>" + post_button("/_apps/uninstall", "Uninstall", false));
    main += "<p><a href=\"/plugins/servlet/upm/marketplace/featured\">Find new apps</a></p>";
  }
  auto made = frame(visit, "Manage apps", std::move(main));
  made.status = admin ? 200 : 403;
  return page(made);
}

net::Response Pages::find_apps_page(const Visit& visit) {
  const bool admin = is_jira_admin(visit.site, visit.person->account_id);
  const auto* installation = forge_.installations.of_site(visit.site.cloud_id);
  std::string main = "<h1>Find new apps</h1>";
  if (!admin) main += "<p>Only Jira admins can install apps.</p>";
  else if (installation != nullptr && installation->installed) main += app_card(forge_.environment.app_name, forge_.environment.version, "<a class=\"button\" href=\"/plugins/servlet/upm\">Installed. Manage</a>");
  else main += app_card(forge_.environment.app_name, forge_.environment.version, post_button("/_apps/install", "Install", true));
  auto made = frame(visit, "Find new apps", std::move(main));
  made.status = admin ? 200 : 403;
  return page(made);
}

}  // namespace belay::sandbox::jira_cloud
