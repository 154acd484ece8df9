// A page's token and headers come from anybody who finds the server: nothing but what the server sealed itself is taken, whatever is said of page and issue.
#include <cstdint>
#include <string>
#include <string_view>

#include "jira/datacenter/caller_verifier.hpp"
#include "jira/datacenter/page_tokens.hpp"
#include "require.hpp"

using namespace belay;
using namespace belay::jira::datacenter;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const PageTokens tokens{crypto::Sealer::from_key_file("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n").value()};
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  require(!tokens.read(text));
  require(!tokens.read(std::string(kPageTokenPrefix).append(text)));
  // What was sealed, with a piece of it put elsewhere, is not read as anything else.
  static const auto good = tokens.write({.installation = installation_of("acme"), .account = AccountId{"a"}, .expires_at = Time{}});
  auto altered = good;
  if (size > 1) altered[kPageTokenPrefix.size() + data[0] % (good.size() - kPageTokenPrefix.size())] = static_cast<char>(data[1]);
  require(altered == good || !tokens.read(altered));
  return 0;
}
