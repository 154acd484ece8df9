#include "sandbox/server/answers.hpp"

#include <boost/json/serialize.hpp>

namespace belay::sandbox {

net::Response json_answer(unsigned status, const json::value& body) {
  return text_answer(status, "application/json;charset=UTF-8", boost::json::serialize(body));
}

net::Response empty_answer(unsigned status) { return net::Response{.status = status, .headers = {}, .body = {}}; }

net::Response text_answer(unsigned status, std::string_view content_type, std::string body) {
  net::Response answer{.status = status, .headers = {}, .body = std::move(body)};
  answer.headers.emplace("Content-Type", content_type);
  answer.headers.emplace("Cache-Control", "no-store");
  return answer;
}

net::Response redirect(std::string_view location) {
  auto answer = empty_answer(303);
  answer.headers.emplace("Location", location);
  answer.headers.emplace("Cache-Control", "no-store");
  return answer;
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string cookie_of(const net::Request& request, std::string_view name) {
  const auto header = request.header("cookie");
  if (!header) return {};
  std::string_view rest = *header;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    auto pair = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != name) continue;
    return net::percent_decode(pair.substr(equals + 1)).value_or("");
  }
  return {};
}

}  // namespace belay::sandbox
