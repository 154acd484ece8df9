// What stands on the issue: the invitation, and what it says when its session has ended.
#pragma once

#include <string>

#include "base/catalogue.hpp"
#include "ports/tickets.hpp"
#include "support/customer_text.hpp"
#include "support/session.hpp"
#include "support/settings.hpp"

namespace belay::desk {

/// The agent as the text names them; the zone is for the time behind the date.
struct AgentShown { std::string name; std::string time_zone; };

/// The rendered customer text. A customer who is on the issue is mentioned before it, so that Jira notifies them.
/// The session must have been made.
[[nodiscard]] support::Document invitation(const support::SupportSession& session, const support::Settings& settings, const ports::Ticket& ticket,
                                           const AgentShown& agent, const std::string& site_name, const Catalogue& words);

/// A paragraph of its own before the text: Jira notifies who is mentioned.
void mention_first(support::Document& document, const AccountId& customer, const std::string& name);

/// "This session has ended …", by how it ended, in the invitation's language; `result`: what came of it, a sentence, or empty.
[[nodiscard]] support::Document ended_notice(const support::SupportSession& session, const std::string& result, const Catalogue& words);

/// acme.atlassian.net for https://acme.atlassian.net
[[nodiscard]] std::string site_name(const std::string& site_url);

}  // namespace belay::desk
