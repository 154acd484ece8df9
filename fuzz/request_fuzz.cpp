// The server's request parser: however the bytes are cut into reads, the same request comes out, and no trailer, fold or
// second length slips through.
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "net/request_parser.hpp"
#include "require.hpp"

namespace {

using belay::net::Request;
using belay::net::RequestParser;

constexpr std::size_t kMaxHeader = 2'048;
constexpr std::size_t kMaxBody = 512;

// Feeds the parser as a connection does: `step` bytes more at each read.
std::optional<Request> parse(std::string_view bytes, std::size_t step) {
  using Progress = RequestParser::Progress;
  RequestParser parser{kMaxHeader, kMaxBody};
  std::size_t begin = 0;
  std::size_t end = std::min(bytes.size(), step);
  while (true) {
    auto progress = Progress::need_more;
    if (begin < end) {
      const std::string unread{bytes.substr(begin, end - begin)};  // a copy, so that a read behind its end is seen
      const auto taken = parser.parse(unread);
      if (taken.used > unread.size()) std::abort();
      begin += taken.used;
      progress = taken.progress;
    }
    if (progress == Progress::complete) return std::move(parser.request);
    if (progress == Progress::header_complete) continue;
    if (progress != Progress::need_more || end == bytes.size()) return std::nullopt;
    end = std::min(bytes.size(), end + step);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto whole = parse(bytes, bytes.size() + 1);
  const auto pieces = parse(bytes, 1);
  if (whole && pieces) {
    require(whole->method == pieces->method && whole->target == pieces->target);
    require(whole->headers == pieces->headers && whole->body == pieces->body);
  }
  if (whole) {
    require(whole->body.size() <= kMaxBody);
    require(whole->headers.count("Host") <= 1);
    require(!(whole->headers.contains("Content-Length") && whole->headers.contains("Transfer-Encoding")));
    for (const auto& [name, value] : whole->headers) require(value.find_first_of("\r\n") == std::string::npos);
  }
  return 0;
}
