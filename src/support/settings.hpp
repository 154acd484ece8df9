// The settings of one installation: what its admin decided. Stored as JSON, so that a new setting is no migration.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "support/licence.hpp"
#include "support/session.hpp"

namespace belay::support {

inline constexpr std::chrono::minutes kLeastValidity{15};
inline constexpr std::chrono::minutes kMostValidity{7 * 24 * 60};
inline constexpr std::chrono::minutes kDefaultValidity{24 * 60};

inline constexpr int kMostRetentionDays = 3650;

/// Where on the issue it is written what came of a session.
enum class ReportPlace { internal, invitation, none };
[[nodiscard]] std::string_view to_string(ReportPlace place);   ///< "internal", "invitation", "none"
[[nodiscard]] std::optional<ReportPlace> report_place_from(std::string_view text);
/// On this issue: where nobody can be kept from reading a comment, what was to be the team's alone goes into the invitation, which names no notes.
[[nodiscard]] ReportPlace report_place_on(bool service_project, ReportPlace wished);

struct Settings {
  std::map<std::string, std::string> customer_text;   ///< by language; every language that ships has one
  std::string default_language = "en";                ///< for a customer whose language is unknown or has no text
  std::chrono::minutes validity = kDefaultValidity;
  std::string provider_group;                         ///< empty: the server's configuration decides
  std::vector<std::string> allowed_groups;            ///< names of Jira groups; empty: every agent may
  LicencePolicy eligible_licences = AnyPaidLicence{};
  Invitation invitation = Invitation::for_customer;   ///< where invitations go unless the agent says otherwise
  bool edit_when_ended = true;
  AccountId default_supporter;                        ///< whose link carries what a rule creates where the assignee has none; empty: nobody's
  bool count_on_issue = false;                        ///< counts and times as property `belay` of the issue, for Jira's own search
  ReportPlace report = ReportPlace::internal;         ///< where it is written what came of a session
  bool worklog = false;                               ///< and as time worked, by the supporter
  bool tell_of_waiting = false;                       ///< an internal comment that mentions the agent when the customer is there
  bool customers_may_ask = false;                     ///< for remote help, in the portal of service projects
  int retention_days = 0;                             ///< after which what is over is erased; 0: kept until its issue goes, or the installation
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// The text for a customer of that language ("fr-CA" finds "fr"), else the default language's.
[[nodiscard]] const std::string& customer_text_for(const Settings& settings, std::string_view language);

/// As stored, and as PUT /v1/settings takes it without `version` (docs/openapi.yaml, SettingsUpdate).
[[nodiscard]] json::object to_json(const Settings& settings);

/// Checks everything: `invalid_field`, `unknown_field`, or `customer_text_invalid` with detail.language and detail.problems.
[[nodiscard]] Result<Settings> settings_from_json(const json::object& from);

}  // namespace belay::support
