// What Jira's objects look like on the wire (REST API v3, Atlassian's OpenAPI document of it).
#pragma once

#include <set>
#include <string>

#include "sandbox/jira_cloud/rights.hpp"
#include "sandbox/jira_cloud/site.hpp"

namespace belay::sandbox::jira_cloud {

/// 2026-11-18T09:14:03.120+0000
[[nodiscard]] std::string jira_time(Time time);

/// Under `api` (the site's API base), e.g. http://api.localhost:1/ex/jira/<cloudId>.
class Views final {
 public:
  Views(const Site& site, std::string api) : site_(site), api_(std::move(api)) {}

  enum class Detail { embedded, full };
  /// Embedded in an issue a hidden address is left out; on /user it is null.
  [[nodiscard]] json::value user(std::string_view account_id, Detail detail) const;
  [[nodiscard]] json::object comment(const Issue& issue, const Comment& comment, bool with_properties) const;
  /// `fields`: the wanted ones, "*all" for all. Comments that the caller may not see are left out.
  [[nodiscard]] json::object issue(const Issue& issue, const Caller& caller, const std::set<std::string>& fields) const;
  [[nodiscard]] json::object project(const Project& project) const;
  [[nodiscard]] json::object avatars(std::string_view account_id) const;
  [[nodiscard]] const std::string& api() const { return api_; }

 private:
  const Site& site_;
  std::string api_;
};

}  // namespace belay::sandbox::jira_cloud
