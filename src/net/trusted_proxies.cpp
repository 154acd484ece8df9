#include "net/trusted_proxies.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "net/head_text.hpp"

namespace belay::net {

namespace ip = boost::asio::ip;

namespace {

constexpr unsigned kMappedBits = 96;  // what ::ffff:0:0/96 adds to an IPv4 prefix

ip::address_v6::bytes_type bytes_of(const ip::address& address) {
  return address.is_v6() ? address.to_v6().to_bytes() : ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes();
}

std::optional<ip::address> address_in(std::string_view text) {
  text = trimmed(text);
  // Some proxies write [2001:db8::1]:443 or 192.0.2.7:443.
  if (text.starts_with('[')) {
    text = text.substr(1, text.find(']') - 1);
  } else if (std::ranges::count(text, ':') == 1) {
    text = text.substr(0, text.find(':'));
  }
  boost::system::error_code error;
  auto address = ip::make_address(text, error);
  if (error) return std::nullopt;
  return address;
}

std::optional<unsigned> prefix_in(std::string_view text, unsigned most) {
  unsigned prefix = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), prefix);
  if (problem != std::errc{} || end != text.data() + text.size() || prefix > most) return std::nullopt;
  return prefix;
}

}  // namespace

Result<TrustedProxies> TrustedProxies::read(const std::vector<std::string>& entries) {
  TrustedProxies out;
  for (const std::string_view entry : entries) {
    const auto slash = entry.find('/');
    boost::system::error_code error;
    const auto address = ip::make_address(entry.substr(0, slash), error);
    const unsigned bits = !error && address.is_v4() ? 32 : 128;
    const auto prefix = slash == std::string_view::npos ? std::optional{bits} : prefix_in(entry.substr(slash + 1), bits);
    if (error || !prefix) return fail("bad_trusted_proxy", "not an address or a CIDR block: " + std::string{entry}, {{"entry", entry}});
    out.blocks_.push_back({bytes_of(address), address.is_v4() ? *prefix + kMappedBits : *prefix});
  }
  return out;
}

bool TrustedProxies::trusts(const ip::address& address) const {
  const auto bytes = bytes_of(address);
  return std::ranges::any_of(blocks_, [&](const Block& block) {
    for (unsigned bit = 0; bit < block.prefix; bit += 8) {
      const unsigned left = std::min(8U, block.prefix - bit);
      const unsigned mask = (0xFFU << (8 - left)) & 0xFFU;
      if ((bytes[bit / 8] & mask) != (block.network[bit / 8] & mask)) return false;
    }
    return true;
  });
}

std::string TrustedProxies::client_of(const ip::address& peer, const Headers& headers) const {
  auto client = peer;
  if (!trusts(peer)) return client.to_string();
  const auto [first, last] = headers.equal_range("X-Forwarded-For");
  for (auto header = last; header != first;) {
    --header;
    std::string_view rest = header->second;
    while (!rest.empty()) {
      const auto comma = rest.rfind(',');
      const auto hop = address_in(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      if (!hop) return client.to_string();
      client = *hop;
      if (!trusts(client)) return client.to_string();
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
  return client.to_string();
}

}  // namespace belay::net
