#include "sandbox/jira_cloud/jira_cloud.hpp"

#include "sandbox/clock.hpp"
#include "sandbox/jira_cloud/site_state.hpp"
#include "sandbox/server/answers.hpp"

namespace belay::sandbox::jira_cloud {

JiraCloud::JiraCloud(Stage stage, Sites& sites, forge::Forge& forge)
    : clock_(stage.clock), sites_(sites), rest_(stage, sites, forge.tokens, forge.installations, forge.manifest), pages_(stage, sites, forge) {
  rest_.tell = [&forge](IssueHappening happening) { forge.events.product(happening); };
}

Task<net::Response> JiraCloud::handle(net::Request request) {
  if (!request.path.empty() && request.path[0] == "ex") co_return rest_.handle(request);
  if (request.path.size() > 1 && request.path[0] == "app" && request.path[1] == "report-accounts") co_return rest_.report_accounts(request);
  co_return co_await pages_.handle(std::move(request));
}

json::object JiraCloud::state() const {
  json::array sites;
  for (const auto& site : sites_.all) sites.push_back(state_of(site));
  return {{"sites", std::move(sites)}};
}

Result<void> JiraCloud::change(json::object patch) {
  json::Reader reader{patch};
  const auto wanted = reader.optional_string("site", 128);
  auto* site = wanted ? sites_.by_cloud(*wanted) : &sites_.all.front();
  if (site == nullptr) site = sites_.by_host(*wanted);
  if (site == nullptr) reader.refuse("site", "unknown");
  const auto behaviour = reader.optional_object("behaviour");
  const auto people = reader.optional_object("people");
  const auto issues = reader.optional_object("issues");
  const auto roles = reader.optional_object("roles");
  BELAY_CHECK(reader.finish());
  // On a copy, so that a refused patch changes nothing.
  Site changed = *site;
  if (behaviour) BELAY_CHECK(change_behaviour(changed, *behaviour));
  if (people) BELAY_CHECK(change_people(changed, *people, clock_.now()));
  if (roles) BELAY_CHECK(change_roles(changed, *roles));
  std::vector<IssueHappening> happenings;
  if (issues) BELAY_CHECK(change_issues(changed, *issues, happenings));
  *site = std::move(changed);
  for (auto& happening : happenings) rest_.tell(std::move(happening));
  return {};
}

}  // namespace belay::sandbox::jira_cloud
