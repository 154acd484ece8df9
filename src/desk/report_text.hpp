// What came of a session, in words: for the team as a comment and a worklog, for the customer behind the end of the invitation.
#pragma once

#include <string>

#include "base/catalogue.hpp"
#include "support/document.hpp"
#include "support/session.hpp"

namespace belay::desk {

/// Who, when, how long, rating and notes. `language`: the team's. The session must have a report.
[[nodiscard]] support::Document report_for_team(const support::SupportSession& session, const std::string& language, const std::string& time_zone, const Catalogue& words);

/// One sentence, for Jira's list of time worked.
[[nodiscard]] support::Document report_for_worklog(const support::SupportSession& session, const std::string& language, const Catalogue& words);

/// "Ada helped for 18 min.", or that nobody connected, in the invitation's language. No notes: the customer reads it. The session must have a report.
[[nodiscard]] std::string report_for_customer(const support::SupportSession& session, const Catalogue& words);

/// The customer is there: for the agent who is mentioned, in the team's language.
[[nodiscard]] support::Document waiting_for_agent(const support::SupportSession& session, const std::string& language, const std::string& time_zone, const Catalogue& words);

}  // namespace belay::desk
