// X-Forwarded-For comes from anybody, the list of proxies from the configuration. The bytes: one line of entries, then one header a line. The client
// is an address, an untrusted peer is believed about itself alone, and what strangers put in front changes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "net/trusted_proxies.hpp"
#include "require.hpp"

using namespace belay::net;
namespace ip = boost::asio::ip;

namespace {

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(at, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Headers forwarded(const std::vector<std::string>& lines) {
  Headers headers;
  for (const auto& line : lines) headers.emplace("X-Forwarded-For", line);
  return headers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto lines = split({reinterpret_cast<const char*>(data), size}, '\n');
  const auto entries = split(lines.front(), ' ');
  lines.erase(lines.begin());
  const auto trusted = TrustedProxies::read(entries);
  if (!trusted) {
    require(trusted.error().code == "bad_trusted_proxy");
    return 0;
  }
  for (const auto& entry : entries) require(trusted->trusts(ip::make_address(entry.substr(0, entry.find('/')))));

  for (const auto* known : {"10.0.0.1", "::ffff:10.0.0.1", "192.0.2.7", "fd00::1"}) {
    const auto peer = ip::make_address(known);
    const auto client = trusted->client_of(peer, forwarded(lines));
    boost::system::error_code no_address;
    const auto address = ip::make_address(client, no_address);
    require(!no_address);
    if (!trusted->trusts(peer)) require(client == peer.to_string());
    if (lines.empty() || trusted->trusts(address)) continue;
    for (const std::string stranger : {"198.51.100.1", "10.0.0.9", "not an address", ""}) {
      auto more = lines;
      more.front().insert(0, stranger + ",");
      require(trusted->client_of(peer, forwarded(more)) == client);
      more = lines;
      more.insert(more.begin(), stranger);
      require(trusted->client_of(peer, forwarded(more)) == client);
    }
  }
  return 0;
}
