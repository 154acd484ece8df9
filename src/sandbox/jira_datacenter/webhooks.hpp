// What a site tells by itself: administrators' webhooks, signed where they have a secret, sent beside the request and not again (from Jira 10 on the
// only way; Atlassian's page "Managing webhooks").
//
// A comment is told of twice, as Data Center does and Cloud does not: as comment_created, which names no issue but in the address of the comment, and
// as jira:issue_updated with the issue and the comment (mattermost-plugin-jira, pull request 118).
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "net/client.hpp"
#include "net/runtime.hpp"
#include "sandbox/jira_datacenter/site.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::jira_datacenter {

class Webhooks final {
 public:
  Webhooks(Stage stage, net::Runtime& runtime, net::Client& client) : stage_(stage), runtime_(runtime), client_(client) {}

  /// `event` is created, updated or deleted.
  void issue(const Site& site, std::string_view event, std::string_view by, const Issue& about);
  void comment(const Site& site, std::string_view event, std::string_view by, const Issue& about, const Comment& said);

  /// {"waiting", "deliveries"}
  [[nodiscard]] json::object state() const;

 private:
  struct Delivery {
    std::int64_t number = 0;
    std::string site, event, url, signature, body;
  };
  void tell(const Site& site, const std::string& event, json::object payload);
  Task<void> deliver(Delivery delivery);

  Stage stage_;
  net::Runtime& runtime_;
  net::Client& client_;
  std::int64_t next_number_ = 1;
  std::size_t waiting_ = 0;
  std::deque<json::object> delivered_;
};

}  // namespace belay::sandbox::jira_datacenter
