// Web addresses that an operator writes, in the configuration or on the command line (RFC 3986), and addresses to listen at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace belay::belayd {

/// 0 to 65535, in digits.
[[nodiscard]] std::optional<std::uint16_t> port_of(std::string_view text);

/// Host and port of "127.0.0.1:8080" or "[::1]:0". The host is an address in numbers.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
};
[[nodiscard]] std::optional<ListenAddress> listen_address(std::string_view text);

/// Is this origin on this machine? 127.0.0.0/8, [::1], localhost and names below it.
[[nodiscard]] bool is_loopback_url(std::string_view url);

enum class Shape {
  whole,    ///< a path and a query may follow
  origin,   ///< nothing follows the port
  base,     ///< a path may follow, without a slash at the end
};

/// Why nobody can be called at this http or https address, as the end of a sentence; nothing when one can. Plain http is for this machine.
[[nodiscard]] std::optional<std::string> fault_of_url(std::string_view text, Shape shape);

/// The origin as others write it, so that it compares byte for byte: the host in small letters, and without the port that goes without
/// saying (RFC 6454, section 6.2). Only for what has no fault_of_url.
[[nodiscard]] std::string normal_origin(std::string_view origin);

/// A name (RFC 1123, section 2.1; underscores pass, since private networks use them) or an address in numbers.
[[nodiscard]] bool is_host(std::string_view host);

}  // namespace belay::belayd
