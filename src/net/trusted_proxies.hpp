// Who the client is when proxies stand in between: X-Forwarded-For is believed as far as trusted hops wrote it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "base/result.hpp"
#include "net/message.hpp"

namespace belay::net {

class TrustedProxies final {
 public:
  TrustedProxies() = default;

  /// "10.0.0.0/8", "192.0.2.7", "fd00::/8", "::1". Error `bad_trusted_proxy` names the entry.
  static Result<TrustedProxies> read(const std::vector<std::string>& entries);

  [[nodiscard]] bool trusts(const boost::asio::ip::address& address) const;
  [[nodiscard]] bool empty() const { return blocks_.empty(); }

  /// Walks X-Forwarded-For from its right end and returns the first hop that is not trusted; what stands further left was
  /// written by strangers. A hop that is no address ends the walk.
  [[nodiscard]] std::string client_of(const boost::asio::ip::address& peer, const Headers& headers) const;

 private:
  struct Block {
    boost::asio::ip::address_v6::bytes_type network;  // IPv4 as ::ffff:a.b.c.d
    unsigned prefix;
  };
  std::vector<Block> blocks_;
};

}  // namespace belay::net
