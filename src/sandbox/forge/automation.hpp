// Jira's automation, as far as an app's actions go: a rule runs as somebody, its inputs are checked against the manifest, smart values are filled in,
// the action's endpoint is called, and what came of it stands in the rule's audit log (Atlassian's page "Action" of the Forge modules).
#pragma once

#include <string>

#include "base/task.hpp"
#include "sandbox/forge/invocation.hpp"

namespace belay::sandbox::forge {

/// One run of one action of a rule.
struct RuleRun {
  const Installation* installation = nullptr;
  const jira_cloud::Site* site = nullptr;
  std::string action;                      ///< key in the manifest
  std::string actor;                       ///< account of the action's connection; empty: none, and no user token comes with the call
  const jira_cloud::Issue* issue = nullptr; ///< that set the rule off, for smart values
  json::object inputs;
};

class Automation final {
 public:
  Automation(const Stage& stage, Invoker& invoker, const Manifest& manifest) : stage_(stage), invoker_(invoker), manifest_(manifest) {}

  /// What the rule's audit log says: {"outcome": "success" | "failure", "errors": [sentence …], "status", "output"}. Errors: `invalid_field` where the rule
  /// could not even be saved.
  Task<Result<json::object>> run(RuleRun run);

 private:
  [[nodiscard]] const Module* shown_action(const std::string& key) const;

  Stage stage_;
  Invoker& invoker_;
  const Manifest& manifest_;
};

}  // namespace belay::sandbox::forge
