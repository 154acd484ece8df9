// Everything the panel on the issue shows, in one answer (docs/openapi.yaml, Panel). Never fails because Jira or the provider
// does not answer: it says what is known, and what is missing.
#pragma once

#include <optional>
#include <string>

#include "desk/admission.hpp"
#include "desk/doors.hpp"
#include "desk/polling.hpp"

namespace belay::desk {

class Panel final {
 public:
  Panel(const Doors& doors, Admission& admission, Polling& polling) : doors_(doors), admission_(admission), polling_(polling) {}

  /// With `since` equal to the present version: {"changed":false,"version":…}. Errors: forbidden (wrong_module), not_found (an issue the caller
  /// may not see), and our own storage.
  Task<Result<json::object>> show(Caller caller, std::string since);

 private:
  struct Known;   // what our own database says
  Task<Result<Known>> know(Caller caller);
  [[nodiscard]] json::object view(const Caller& caller, const Known& known, const Asked& asked) const;
  Task<void> watch(Caller caller, std::vector<AccountId> creators);

  const Doors& doors_;
  Admission& admission_;
  Polling& polling_;
};

}  // namespace belay::desk
