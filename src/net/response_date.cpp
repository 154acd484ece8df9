#include <curl/curl.h>

#include "net/client.hpp"

namespace belay::net {

std::optional<std::int64_t> OutboundResponse::date() const {
  const auto text = header("date");
  if (!text) return std::nullopt;
  const auto seconds = curl_getdate(std::string(*text).c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

}  // namespace belay::net
