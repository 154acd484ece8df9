// What the pages of a site have in common: Jira's bar with the plugin's links, and what a page may load.
#pragma once

#include <string>
#include <string_view>

#include "net/message.hpp"
#include "sandbox/jira_datacenter/plugin.hpp"
#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

/// Somebody at a page.
struct Visit {
  const net::Request& request;
  Site& site;
  const Person* person;              ///< null: not signed in
  const Plugin& plugin;
};

enum class Surroundings { jira, issue_view, portal };

/// `main` is HTML. Within the portal nothing of the plugin stands, on the issue view its resources too.
[[nodiscard]] net::Response page(const Visit& visit, std::string_view title, std::string main, Surroundings surroundings = Surroundings::jira, unsigned status = 200);
[[nodiscard]] net::Response not_found_page(const Visit& visit);
[[nodiscard]] net::Response stylesheet();

[[nodiscard]] std::string link(std::string_view address, std::string_view words);
[[nodiscard]] std::string hidden_field(std::string_view name, std::string_view value);
/// In a <bdi>, since nobody knows which way a text runs.
[[nodiscard]] std::string isolated(std::string_view text);
/// Of the form that was sent.
[[nodiscard]] std::string field(const net::Request& request, std::string_view name);

}  // namespace belay::sandbox::jira_datacenter
