// Which handler answers which path. A pattern is a path whose segments in braces match anything and are handed on by name.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "desk/doors.hpp"
#include "net/message.hpp"

namespace belay::gateway {

/// Something for a browser to show or to load.
struct Document {
  std::string content_type;
  std::string bytes;
  std::string security_policy = {};              ///< of a page; empty: none
  std::string cache_control = {};                ///< empty: it is not kept
};

/// What a handler answers: a status and a JSON object, or a place for a browser to go.
struct Answer {
  unsigned status = 200;
  json::object body;
  std::string text;                              ///< not empty: the body, already written as JSON
  std::string location;                          ///< not empty: 302, no body
  std::vector<std::string> cookies;              ///< whole Set-Cookie values
  std::optional<Document> document = {};         ///< instead of all but the status and the cookies
};

/// An answer that is a body and nothing else.
[[nodiscard]] inline Answer plain(json::object body, unsigned status = 200) {
  return Answer{.status = status, .body = std::move(body), .text = {}, .location = {}, .cookies = {}};
}

/// One request on its way to a handler.
struct RouteCall {
  net::Request request;
  std::map<std::string, std::string, std::less<>> parameters;   ///< from the pattern
  desk::Caller caller;                           ///< of `for_people` and `for_pairing` routes
  ports::VerifiedCall verified;                  ///< of `for_events` and `for_rules` routes
  json::object body;                             ///< empty when none was sent
};

using Handler = std::function<Task<Result<Answer>>(RouteCall)>;

/// Who is let through to the handler.
enum class Door {
  for_people,    ///< a verified token with a principal, of a paired installation
  for_pairing,   ///< the same, paired or not
  for_rules,     ///< a verified token with or without a principal, of a paired installation
  for_events,    ///< a verified token; an installation that is not paired is answered here and never reaches the handler
  for_browsers,  ///< no token: the handler checks what it is given
};

struct Route {
  std::string method;
  std::string pattern;
  Door door;
  Handler handler;
  std::vector<std::string> segments;
};

class Router final {
 public:
  void add(std::string method, std::string pattern, Door door, Handler handler);

  struct Match {
    const Route* route = nullptr;                ///< null: no such path, or another method
    bool path_known = false;                     ///< the path exists for another method
    std::map<std::string, std::string, std::less<>> parameters;
  };
  [[nodiscard]] Match find(std::string_view method, const std::vector<std::string>& path) const;

  /// The methods that this path knows, "GET, POST", for the header Allow (RFC 9110, section 15.5.6).
  [[nodiscard]] std::string methods_of(const std::vector<std::string>& path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace belay::gateway
