#include "teamviewer/ids.hpp"

#include <algorithm>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/core.h>

namespace belay::teamviewer {
namespace {

constexpr std::size_t kLongestId = 24;
constexpr std::size_t kLongestAddress = 2'048;
constexpr std::size_t kLongestToken = 4'096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_prefixed_number(std::string_view text, char prefix) {
  if (text.size() < 2 || text.size() > kLongestId || text.front() != prefix) return false;
  return std::ranges::all_of(text.substr(1), is_digit);
}

bool is_loopback(std::string_view host) {
  return host == "127.0.0.1" || host == "[::1]" || host == "localhost" || host.ends_with(".localhost");
}

std::string with_ascii_only(std::string_view text) {
  std::string ascii;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) ascii += c;
    else ascii += fmt::format("%{:02X}", byte);
  }
  return ascii;
}

}  // namespace

bool is_user_id(std::string_view text) { return is_prefixed_number(text, 'u'); }
bool is_contact_id(std::string_view text) { return is_prefixed_number(text, 'c'); }
bool is_group_id(std::string_view text) { return is_prefixed_number(text, 'g'); }

bool is_session_code(std::string_view text) {
  if (text.size() < 3 || text.size() > kLongestId || text.front() != 's' || !is_digit(text[1]) || !is_digit(text.back())) return false;
  return std::ranges::all_of(text.substr(1), [](char c) { return is_digit(c) || c == '-'; });
}

bool is_session_id(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_record_id(std::string_view text) { return is_session_id(text); }

bool is_token(std::string_view text) {
  if (text.empty() || text.size() > kLongestToken) return false;
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::optional<std::string> web_address(std::string_view url) {
  auto address = with_ascii_only(url);
  if (address.size() > kLongestAddress) return std::nullopt;
  const auto parsed = boost::urls::parse_uri(address);
  if (!parsed || parsed->has_userinfo() || parsed->host().empty()) return std::nullopt;
  const bool safe = parsed->scheme() == "https" || (parsed->scheme() == "http" && is_loopback(parsed->host()));
  if (!safe) return std::nullopt;
  return address;
}

}  // namespace belay::teamviewer
