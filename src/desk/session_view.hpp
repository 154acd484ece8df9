// A support session as our API shows it (docs/openapi.yaml, Session). Never holds a supporter link: those are given out by
// connect alone.
#pragma once

#include <optional>
#include <string>

#include "base/catalogue.hpp"
#include "base/json.hpp"
#include "support/session.hpp"

namespace belay::desk {

/// An error as our API shows it: code, message (English), detail, retryAfter in seconds.
[[nodiscard]] json::object error_view(const Error& error, const Catalogue& words);

/// The same of a step that is tried no more: what is the matter, and, where it was tried for long, that it rests.
[[nodiscard]] json::object given_up_view(Error error, const Catalogue& words);

/// Text to send by hand to a customer who was typed in.
struct Mail { std::string to; std::string subject; std::string body; };
/// Text to send by hand, for a live session whose customer was typed in.
[[nodiscard]] std::optional<Mail> mail_for(const support::SupportSession& session, const Catalogue& words);

/// Who looks at it, for the actions.
struct Viewer {
  AccountId account;
  bool may_act = false;
  bool link_usable = false;
  bool may_begin = true;    ///< not where remote support is switched off: what is open can only be ended
};

[[nodiscard]] json::object session_view(const support::SupportSession& session, const Viewer& viewer, const std::optional<Mail>& mail, const Catalogue& words);

/// Why nothing of a session's issue is told.
enum class IssueHidden { out_of_sight, unknown };
/// The same for whoever may not see its issue, or perhaps not: how far it has come, and nothing that was said there.
[[nodiscard]] json::object without_issue(json::object view, IssueHidden why);

}  // namespace belay::desk
