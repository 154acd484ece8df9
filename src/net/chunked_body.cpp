#include "net/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace belay::net {
namespace {

constexpr std::size_t kMaxLine = 1'024;
constexpr std::ptrdiff_t kMaxDigits = 16;
constexpr std::size_t kMaxOverhead = 16 * 1'024;

bool is_printable(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

}  // namespace

// False: no whole line yet.
bool ChunkedBody::take_line(std::string_view& bytes, std::string_view& line) {
  const auto end = bytes.find("\r\n");
  if (end == std::string_view::npos) return false;
  line = bytes.substr(0, end);
  bytes.remove_prefix(end + 2);
  return true;
}

ChunkedBody::Progress ChunkedBody::read_size(std::string_view line, std::size_t body_size) {
  const auto* end = line.data() + line.size();
  const auto [rest, problem] = std::from_chars(line.data(), end, left_, 16);
  if (problem == std::errc::result_out_of_range) return Progress::too_large;
  if (problem != std::errc{}) return Progress::malformed;
  // Leading zeros and extensions are counted, or one-byte chunks could carry any amount of them.
  if (rest - line.data() > kMaxDigits) return Progress::malformed;
  std::string_view extension{rest, end};
  overhead_ += extension.size();
  if (overhead_ > kMaxOverhead || !is_printable(extension)) return Progress::malformed;
  extension.remove_prefix(std::min(extension.find_first_not_of(" \t"), extension.size()));
  if (!extension.empty() && extension.front() != ';') return Progress::malformed;
  if (left_ > max_body_ - body_size) return Progress::too_large;
  part_ = left_ == 0 ? Part::trailer : Part::data;
  return Progress::need_more;
}

ChunkedBody::Progress ChunkedBody::read(std::string_view& bytes, std::string& body) {
  while (part_ != Part::done) {
    if (part_ == Part::data) {
      const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      left_ -= taken;
      if (left_ > 0) return Progress::need_more;
      part_ = Part::data_end;
    }
    if (part_ == Part::data_end) {
      if (!std::string_view{"\r\n"}.starts_with(bytes.substr(0, 2))) return Progress::malformed;
      if (bytes.size() < 2) return Progress::need_more;
      bytes.remove_prefix(2);
      part_ = Part::size;
    }
    std::string_view line;
    if (!take_line(bytes, line)) return bytes.size() > kMaxLine ? Progress::malformed : Progress::need_more;
    if (line.size() > kMaxLine) return Progress::malformed;
    if (part_ == Part::size) {
      if (const auto progress = read_size(line, body.size()); progress != Progress::need_more) return progress;
    } else if (line.empty()) {
      part_ = Part::done;
    } else {
      overhead_ += line.size();
      if (overhead_ > kMaxOverhead || !is_printable(line) || line.find(':') == 0 || line.find(':') == std::string_view::npos) return Progress::malformed;
    }
  }
  return Progress::complete;
}

}  // namespace belay::net
