// The projects that pages beside a Jira Data Center name: by the key, as Jira's menus write it into the address.
#pragma once

#include <string>

#include "jira/rest.hpp"

namespace belay::jira::datacenter {

struct Project {
  ProjectId id;
  ProjectKey key;
};

class Projects final {
 public:
  explicit Projects(Rest& rest) : rest_(rest) {}

  /// Asked as the account: one that they may not see is `not_found`, as is what can be no key. Else the errors of Rest.
  Task<Result<Project>> find(InstallationId installation, AccountId account, std::string key);

 private:
  Rest& rest_;
};

}  // namespace belay::jira::datacenter
