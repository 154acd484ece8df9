// What a site's things look like on the wire of REST v2, in webhooks as in answers.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "sandbox/jira_datacenter/site.hpp"

namespace belay::sandbox::jira_datacenter {

/// 2026-11-29T05:00:00.000+0000
[[nodiscard]] std::string moment(Time at);

/// Empty for somebody unknown.
[[nodiscard]] json::object user_view(const Site& site, std::string_view key);
[[nodiscard]] json::value user_or_null(const Site& site, std::string_view key);
[[nodiscard]] json::object project_view(const Site& site, const Project& project);

struct CommentDetail {
  bool properties = false;
  bool rendered = false;
};
[[nodiscard]] json::object comment_view(const Site& site, const Issue& issue, const Comment& comment, CommentDetail detail = {});
[[nodiscard]] json::object worklog_view(const Site& site, const Issue& issue, const Worklog& worklog);
[[nodiscard]] json::array properties_view(const Properties& properties);

/// Which fields of an issue are wanted: names, *all, *navigable, and -name for what is not.
class Fields final {
 public:
  /// "summary,reporter"; empty: `usual`.
  Fields(std::string_view list, std::string_view usual);
  [[nodiscard]] bool has(std::string_view name) const;

 private:
  bool all_ = false;
  bool navigable_ = false;
  std::set<std::string, std::less<>> named_, left_out_;
};

/// Comments are those that `person` sees.
[[nodiscard]] json::object issue_view(const Site& site, const Issue& issue, std::string_view person, const Fields& fields);

}  // namespace belay::sandbox::jira_datacenter
