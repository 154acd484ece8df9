// Status line and header fields of an answer as bytes (RFC 9112, section 4).
#pragma once

#include <string>
#include <string_view>

#include "net/message.hpp"

namespace belay::net {

/// Facts about the connection that the answer must carry.
struct HeadContext {
  bool keep_alive = true;
  bool http_1_0 = false;
  std::string_view date;  ///< IMF-fixdate
};

/// Writes the head into `out`, which is cleared first. Content-Length, Connection, Date and Transfer-Encoding are the
/// server's own: what the handler says there is dropped, and so is a field that could break out of its line.
void write_head(std::string& out, const Response& response, const HeadContext& context);

/// 1xx, 204 and 304 have no body and no length (RFC 9110, section 8.6).
[[nodiscard]] bool has_body(unsigned status);

/// Sun, 06 Nov 1994 08:49:37 GMT
[[nodiscard]] std::string to_http_date(std::int64_t unix_seconds);

}  // namespace belay::net
