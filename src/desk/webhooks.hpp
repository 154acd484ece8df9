// What a Jira Data Center tells of by itself. Its word is a reason to look and nothing more: who wrote, who may read and what was deleted, Jira is asked
// (docs/datacenter.md, "Webhooks"). So it does no harm to hear the same twice.
#pragma once

#include <string>

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/steps.hpp"
#include "ports/jira_sign_in.hpp"

namespace belay::desk {

class Webhooks final {
 public:
  Webhooks(const Doors& doors, Admission& admission, const ports::JiraSignIn& jira) : doors_(doors), admission_(admission), jira_(jira) {}

  /// `body` as it came, `signature` the header X-Hub-Signature. Errors: `not_found` (no such site), `webhook_refused` (not signed by this site's secret, or the site has none).
  Task<Result<void>> hear(std::string name, std::string body, std::string signature, json::object payload);

  /// The step issue.check, subject: issue id. Is it gone, as Jira tells us? Then so is what we keep of it.
  Task<StepResult> check(ports::OutboxRow row);

 private:
  const Doors& doors_;
  Admission& admission_;
  const ports::JiraSignIn& jira_;
};

}  // namespace belay::desk
