// What a configured site says of itself, and whether it takes what the operator gave for it: for `belayd doctor`.
#pragma once

#include <compare>
#include <optional>
#include <string>

#include "base/task.hpp"
#include "jira/datacenter/sites.hpp"
#include "net/client.hpp"

namespace belay::jira::datacenter {

struct Version {
  int major = 0;
  int minor = 0;
  auto operator<=>(const Version&) const = default;
};

struct Examined {
  std::string unreachable;           ///< why nobody answered; empty: somebody did
  unsigned status = 0;               ///< of the first answer
  std::string leads_to;              ///< of a redirect
  std::optional<Version> version;    ///< nothing where what answered is no Jira
  std::string base_url;              ///< as Jira knows itself, without a slash at the end
  std::string service_account;       ///< whose the service token is, as people see them; empty: Jira does not take it
  bool client_accepted = false;      ///< of the incoming link
};

class Examination final {
 public:
  Examination(net::Client& client, const Site& site) : client_(client), site_(site) {}
  /// Nothing is changed by it at the site.
  Task<Examined> look();

 private:
  Task<bool> look_at_server(Examined& found);
  Task<std::string> service_account();
  Task<bool> client_accepted();

  net::Client& client_;
  const Site& site_;
};

}  // namespace belay::jira::datacenter
