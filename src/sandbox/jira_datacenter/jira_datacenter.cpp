#include "sandbox/jira_datacenter/jira_datacenter.hpp"

#include <algorithm>

#include "sandbox/clock.hpp"
#include "sandbox/jira_datacenter/rest.hpp"
#include "sandbox/jira_datacenter/site_state.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_datacenter {

JiraDataCenter::JiraDataCenter(Stage stage, net::Runtime& runtime, net::Client& client, std::vector<Site> sites, std::map<std::string, Plugin> plugins)
    : stage_(stage), sites_(std::move(sites)), plugins_(std::move(plugins)), webhooks_(stage, runtime, client), oauth_(stage), pages_(stage, webhooks_, oauth_, plugins_) {}

Site* JiraDataCenter::by_host(std::string_view host) {
  const auto found = std::ranges::find(sites_, host, &Site::host);
  return found == sites_.end() ? nullptr : &*found;
}

bool JiraDataCenter::has_host(std::string_view host) const { return std::ranges::find(sites_, host, &Site::host) != sites_.end(); }

void JiraDataCenter::know_port(std::uint16_t port) {
  for (auto& site : sites_) site.url = "http://" + site.host + ":" + std::to_string(port);
}

std::vector<OwnJira> JiraDataCenter::own_jiras() const {
  std::vector<OwnJira> jiras;
  for (const auto& site : sites_) {
    const auto ticket = std::ranges::find_if(site.issues, [&](const Issue& issue) { return site.person(issue.assignee) != nullptr; });
    if (ticket == site.issues.end()) continue;
    jiras.push_back({.title = site.title + ", " + (site.server ? "Server " : "Data Center ") + site.version, .ticket = site.url + "/browse/" + ticket->key + "?as=" + net::percent_encode(site.person(ticket->assignee)->name)});
  }
  return jiras;
}

json::object JiraDataCenter::addresses() const {
  json::object all;
  for (const auto& site : sites_) all[site.name] = site.url;
  return all;
}

Task<net::Response> JiraDataCenter::handle(net::Request request) {
  auto* site = by_host(request.host);
  if (site == nullptr) co_return json_answer(404, json::object{{"message", "no site of the sandbox has this host"}});
  const bool rest = !request.path.empty() && request.path[0] == "rest";
  const bool oauth = rest && request.path.size() == 4 && request.path[1] == "oauth2" && request.path[2] == "latest";
  if (oauth && request.path[3] == "authorize") co_return pages_.handle(*site, request);
  if (oauth && request.path[3] == "token" && request.method == "POST" && site->has_oauth()) co_return oauth_.token(*site, request);
  if (oauth) co_return refusal(404, "null for uri: " + request.target);
  co_return rest ? answer_rest(stage_, webhooks_, *site, request) : pages_.handle(*site, request);
}

json::object JiraDataCenter::state() const {
  json::array sites;
  for (const auto& site : sites_) sites.push_back(state_of(site));
  return {{"sites", std::move(sites)}, {"webhooks", webhooks_.state()}};
}

Result<void> JiraDataCenter::change(json::object patch) {
  auto changed = sites_;
  std::map<std::string, Aftermath> aftermaths;
  for (const auto& [name, value] : patch) {
    const auto site = std::ranges::find(changed, std::string_view(name), &Site::name);
    if (site == changed.end() || !value.is_object()) return fail("invalid_field", "no such site", {{"field", "datacenter"}});
    BELAY_TRY(aftermath, jira_datacenter::change(*site, value.get_object(), stage_.clock.now()));
    aftermaths.emplace(site->name, std::move(aftermath));
  }
  sites_ = std::move(changed);
  for (const auto& [name, aftermath] : aftermaths) {
    auto& site = *std::ranges::find(sites_, name, &Site::name);
    if (!aftermath.revoked.empty()) oauth_.revoke_all_of(site, aftermath.revoked);
    for (const auto& [event, issue] : aftermath.happenings) webhooks_.issue(site, event, issue.reporter, issue);
  }
  return {};
}

}  // namespace belay::sandbox::jira_datacenter
