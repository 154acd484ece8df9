// Jira Cloud: the REST API that belayd calls, and the site that people walk through in a browser.
#pragma once

#include "sandbox/forge/forge.hpp"
#include "sandbox/jira_cloud/pages.hpp"
#include "sandbox/jira_cloud/rest.hpp"
#include "sandbox/jira_cloud/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_cloud {

class JiraCloud final : public Party {
 public:
  JiraCloud(Stage stage, Sites& sites, forge::Forge& forge);

  [[nodiscard]] std::string_view name() const override { return "jira"; }
  Task<net::Response> handle(net::Request request) override;
  [[nodiscard]] json::object state() const override;
  Result<void> change(json::object patch) override;

 private:
  Clock& clock_;
  Sites& sites_;
  Rest rest_;
  Pages pages_;
};

}  // namespace belay::sandbox::jira_cloud
