// How TeamViewer behaves where its documentation leaves room, and the troubles a test can ask for. Changed through control/state.
#pragma once

#include <map>
#include <string>

#include "base/time.hpp"

namespace belay::sandbox::teamviewer {

/// So many calls of one function with one token in that time.
struct RateLimit {
  std::size_t calls = 600;
  std::chrono::seconds window{60};
};

struct Settings {
  std::chrono::seconds token_life{7200};
  std::chrono::seconds code_life{600};
  bool rotate_refresh_tokens = true;      ///< false: a refresh answers without refresh_token and the old one stays good
  bool ping_refuses_bad_tokens = false;   ///< false: 200 with token_valid false; both readings of the documentation exist
  unsigned token_expired_status = 401;    ///< or 400: clients saw either
  bool licence_refusal_as_json = false;   ///< "license limitations" as a JSON string instead of plain text
  bool basic_dates = false;               ///< answers print 20261118T091403Z (trap 10)
  std::size_t session_page = 100;
  std::size_t report_page = 1000;
  std::chrono::seconds report_delay{0};   ///< from the end of a connection to its record
  bool down = false;                      ///< every call and page answers 503 and does nothing
  bool blocked = false;                   ///< the caller's address is blocked: 403 blocked
  std::map<std::string, RateLimit> rate_limits{{"*", {}}};  ///< by function (operationId of TeamViewer's OpenAPI document); "*" for the rest
};

}  // namespace belay::sandbox::teamviewer
