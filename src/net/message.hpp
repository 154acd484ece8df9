// What a handler sees of HTTP: plain values, no Beast (cpp-stack rule: only src/net/ includes it).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/container/flat_map.hpp>

namespace belay::net {

/// Header names compare without regard to case (RFC 9110, section 5.1).
struct CaseInsensitiveLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const noexcept;
};

using Headers = boost::container::flat_multimap<std::string, std::string, CaseInsensitiveLess>;

/// One request as it came, its target already split: `path` is percent-decoded segment by segment, `query` decoded.
struct Request {
  std::string method{};                     ///< GET, POST …, in capitals
  std::string target{};                     ///< as sent, for the journal and for proxies
  std::vector<std::string> path{};          ///< /v1/people/a%3Ab/contact -> {"v1","people","a:b","contact"}
  std::vector<std::pair<std::string, std::string>> query{};  ///< in order, decoded, + is a space
  Headers headers{};
  std::string body{};
  std::string peer{};                       ///< address of the other side; of the client where a trusted proxy said so
  std::string host{};                       ///< Host header, lower case, without port

  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  /// The first value of a query parameter.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

/// Status 0 closes the connection without an answer, as a server does that dies (the sandbox plays such faults).
struct Response {
  unsigned status = 200;
  Headers headers{};
  std::string body{};
};

/// %41%2f -> "A/"; nothing when an escape is broken or the result is not valid UTF-8.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
/// Everything but RFC 3986 unreserved characters is escaped.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// a=1&b=2 as application/x-www-form-urlencoded.
[[nodiscard]] std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields);
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> form_decode(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Splits a request target ("/a%2Fb/c?x=1") into decoded segments and query. Nothing when malformed.
struct Target {
  std::vector<std::string> path{};
  std::vector<std::pair<std::string, std::string>> query{};
};
[[nodiscard]] std::optional<Target> split_target(std::string_view target);

}  // namespace belay::net
