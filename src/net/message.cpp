#include "net/message.hpp"

#include <algorithm>
#include <array>

namespace belay::net {
namespace {

constexpr unsigned char lower(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + ('a' - 'A')) : byte;
}

constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986, section 2.3.
constexpr bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

void append_encoded(std::string& out, std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.push_back('%');
      out.push_back(kDigits[byte >> 4]);
      out.push_back(kDigits[byte & 15]);
    }
  }
}

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Length of the well-formed sequence at the front of `text` (Unicode, table 3-7), 0 when there is none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return text.size() > 1 && is_continuation(text[1]) ? 2 : 0;
  if (first < 0xF0) {
    if (text.size() < 3 || !is_continuation(text[1]) || !is_continuation(text[2])) return 0;
    const bool overlong = first == 0xE0 && at(1) < 0xA0;
    const bool surrogate = first == 0xED && at(1) > 0x9F;
    return overlong || surrogate ? 0 : 3;
  }
  if (first > 0xF4 || text.size() < 4 || !is_continuation(text[1]) || !is_continuation(text[2]) || !is_continuation(text[3])) return 0;
  const bool overlong = first == 0xF0 && at(1) < 0x90;
  const bool too_high = first == 0xF4 && at(1) > 0x8F;
  return overlong || too_high ? 0 : 4;
}

template <class Visit>
bool for_each_piece(std::string_view text, char separator, Visit visit) {
  while (true) {
    const auto end = text.find(separator);
    if (!visit(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

bool CaseInsensitiveLess::operator()(std::string_view a, std::string_view b) const noexcept {
  // Shorter names first: most comparisons are decided by the length alone. Only an order is asked for, not the alphabet's.
  if (a.size() != b.size()) return a.size() < b.size();
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto left = lower(a[i]);
    const auto right = lower(b[i]);
    if (left != right) return left < right;
  }
  return false;
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  const auto found = headers.find(name);
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string_view> Request::parameter(std::string_view name) const {
  const auto found = std::ranges::find(query, name, [](const auto& field) -> std::string_view { return field.first; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]);
      const int low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else {
      out.push_back(plus_is_space && text[i] == '+' ? ' ' : text[i]);
    }
  }
  if (!is_valid_utf8(out)) return std::nullopt;
  return out;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  append_encoded(out, text);
  return out;
}

std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out.push_back('&');
    append_encoded(out, name);
    out.push_back('=');
    append_encoded(out, value);
  }
  return out;
}

std::optional<std::vector<std::pair<std::string, std::string>>> form_decode(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> fields;
  const bool readable = for_each_piece(text, '&', [&](std::string_view piece) {
    if (piece.empty()) return true;
    const auto equals = piece.find('=');
    auto name = percent_decode(piece.substr(0, equals), true);
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1), true);
    if (!name || !value) return false;
    fields.emplace_back(std::move(*name), std::move(*value));
    return true;
  });
  if (!readable) return std::nullopt;
  return fields;
}

std::optional<Target> split_target(std::string_view target) {
  // Only what RFC 3986 lets stand unescaped, and no fragment: that never goes over the wire.
  const bool clean = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
  if (!clean || target.empty() || target.front() != '/') return std::nullopt;
  target.remove_prefix(1);

  Target out;
  const auto question = target.find('?');
  const auto path = target.substr(0, question);
  if (!path.empty()) {
    const bool readable = for_each_piece(path, '/', [&](std::string_view piece) {
      auto segment = percent_decode(piece);
      if (segment) out.path.push_back(std::move(*segment));
      return segment.has_value();
    });
    if (!readable) return std::nullopt;
  }
  if (question != std::string_view::npos) {
    auto query = form_decode(target.substr(question + 1));
    if (!query) return std::nullopt;
    out.query = std::move(*query);
  }
  return out;
}

}  // namespace belay::net
