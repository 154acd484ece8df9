// The chunked transfer coding, read piece by piece (RFC 9112, section 7.1). Our own, and strict: Beast's reader of chunks
// asserts on a last chunk that arrives in small pieces, which a stranger could use to end the process.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace belay::net {

/// Extensions are skipped and trailers thrown away: a trailer must never become a header.
class ChunkedBody final {
 public:
  enum class Progress { need_more, complete, malformed, too_large };

  explicit ChunkedBody(std::size_t max_body) : max_body_(max_body) {}

  /// Takes what it can from the front of `bytes` and appends the data to `body`. What it leaves must be offered again, with more behind.
  Progress read(std::string_view& bytes, std::string& body);

 private:
  enum class Part { size, data, data_end, trailer, done };

  Progress read_size(std::string_view line, std::size_t body_size);
  bool take_line(std::string_view& bytes, std::string_view& line);

  std::size_t max_body_;
  Part part_ = Part::size;
  std::uint64_t left_ = 0;          // of this chunk
  std::size_t overhead_ = 0;        // bytes of extensions and trailers, which no limit on the body counts
};

}  // namespace belay::net
