// What the values of the configuration have to be (README.md, "Configuration"). Whether what they name is there and answers is for
// `belayd doctor` to say; a value that can never work is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace belay::belayd {

enum class Rule {
  app_ids, environments, api_hosts, proxies,   // lists
  listen_address, origin, base_url, url, storage_url, bus_url,
  path, folder, certificates, keys, client_id, client_secret, group, count, log_level,
  other_client_id, other_client_secret,        // of a registration that a server may do without: empty is none
};

[[nodiscard]] bool is_list(Rule rule);
/// Secrets, and what may hold one (a database's address its password), may also stand in a file, `<key>_file`.
[[nodiscard]] bool is_secret(Rule rule);

/// Which rule the values break, as the end of the one clear line; nothing when they keep it. One value where the rule is for no list.
/// Values of secrets and passwords are never repeated.
[[nodiscard]] std::optional<std::string> fault_of(Rule rule, const std::vector<std::string>& values);

/// Of Rule::count: 1 to 100,000.
[[nodiscard]] std::optional<std::size_t> count_of(std::string_view text);

/// Of Rule::api_hosts: the origin as a token names it. A bare host means https.
[[nodiscard]] std::string api_origin(const std::string& host);

}  // namespace belay::belayd
