#include "belayd/web_address.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>

namespace belay::belayd {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string in_small_letters(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

bool is_ipv4(std::string_view host) { return boost::urls::parse_ipv4_address(host).has_value(); }
bool is_ipv6(std::string_view host) { return boost::urls::parse_ipv6_address(host).has_value(); }

bool is_label(std::string_view label) {
  const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kLongestLabel && !label.starts_with('-') && !label.ends_with('-') && std::ranges::all_of(label, fits);
}

// A name never ends in a number, so that no address with a slip of the pen passes for one.
bool is_name(std::string_view host) {
  if (host.empty() || host.size() > kLongestName) return false;
  std::string_view last;
  for (const auto part : std::views::split(host, '.')) {
    last = std::string_view(part.begin(), part.end());
    if (!is_label(last)) return false;
  }
  return !std::ranges::all_of(last, is_digit);
}

// "/jira", "/a/b": words that mean the same wherever they stand, in the address of a page as in that of a call.
bool is_base_path(std::string_view path) {
  path.remove_prefix(1);
  if (path.empty()) return false;
  for (const auto part : std::views::split(path, '/')) {
    const std::string_view word(part.begin(), part.end());
    const auto fits = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; };
    if (word.empty() || word == "." || word == ".." || !std::ranges::all_of(word, fits)) return false;
  }
  return true;
}

}  // namespace

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) return is_ipv6(host.substr(1, host.size() - 2));
  return is_ipv4(host) || is_name(host);
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

std::optional<ListenAddress> listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  // An address with colons stands in brackets, so that nobody takes its end for the port.
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (bracketed ? !is_ipv6(host) : !is_ipv4(host)) return std::nullopt;
  const auto port = port_of(text.substr(colon + 1));
  if (!port) return std::nullopt;
  return ListenAddress{.host = std::string(host), .port = *port};
}

bool is_loopback_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return false;
  if (parsed->host_type() == boost::urls::host_type::ipv4) return parsed->host_ipv4_address().is_loopback();
  if (parsed->host_type() == boost::urls::host_type::ipv6) return parsed->host_ipv6_address().is_loopback();
  const auto host = in_small_letters(parsed->host_name());
  return host == "localhost" || host.ends_with(".localhost");
}

std::optional<std::string> fault_of_url(std::string_view text, Shape shape) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || url->host().empty() || (url->scheme() != "https" && url->scheme() != "http")) return fmt::format("'{}' is not an http or https address", text);
  if (url->has_userinfo() || url->has_fragment()) return "an address without user and fragment";
  if (!is_host(url->encoded_host())) return fmt::format("'{}' is not the name of a host", std::string_view(url->encoded_host()));
  if (url->has_port() && port_of(url->port()).value_or(0) == 0) return "a port from 1 to 65535";
  const auto path = url->encoded_path();
  if (shape == Shape::base && url->has_query()) return "an address without a question mark";
  if (shape == Shape::base && !path.empty() && !is_base_path(std::string_view(path))) return "an address whose path, if it has one, is of plain words and has no slash at the end, such as https://intranet.example.com/jira";
  if (shape == Shape::origin && (!url->encoded_path().empty() || url->has_query())) return "an address without a path, not even a slash at the end";
  if (url->scheme() == "http" && !is_loopback_url(text)) return "https, since it is not on this machine";
  return std::nullopt;
}

std::string normal_origin(std::string_view origin) {
  const auto url = boost::urls::parse_uri(origin).value();
  auto normal = in_small_letters(std::string(url.scheme()) + "://" + std::string(url.encoded_host()));
  const std::uint16_t usual = url.scheme() == "https" ? 443 : 80;
  if (const auto port = port_of(url.port()); port && *port != usual) normal += fmt::format(":{}", *port);
  return normal;
}

}  // namespace belay::belayd
