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

/// Text to send by hand to a customer who was typed in.
struct Mail { std::string to; std::string subject; std::string body; };

/// Who looks at it, for the actions.
struct Viewer {
  AccountId account;
  bool may_act = false;
  bool link_usable = false;
};

[[nodiscard]] json::object session_view(const support::SupportSession& session, const Viewer& viewer, const std::optional<Mail>& mail, const Catalogue& words);

}  // namespace belay::desk
