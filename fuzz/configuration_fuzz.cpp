// belay.toml: whatever the bytes, it is refused with one line, or read, and what was read keeps the rules of README.md, "Configuration".
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <sys/mman.h>
#include <unistd.h>

#include "belayd/configuration.hpp"
#include "crypto/seal.hpp"
#include "net/trusted_proxies.hpp"
#include "require.hpp"
#include "support/code_points.hpp"

using namespace belay;
using namespace belay::belayd;

namespace {

/// A file that lives in memory.
class File {
 public:
  [[nodiscard]] std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }
  void write(const std::uint8_t* data, std::size_t size) {
    require(ftruncate(descriptor_, 0) == 0);
    require(pwrite(descriptor_, data, size, 0) == static_cast<ssize_t>(size));
  }

 private:
  int descriptor_ = memfd_create("belay.toml", 0);
};

void require_url(std::string_view url) {
  require(url.starts_with("https://") || (url.starts_with("http://") && is_loopback_url(url)));
  for (const char c : url) require(c > 0x20 && c < 0x7f);
  require(!url.contains('@') || url.find('@') > url.find('/', 8));
}

void require_fair(const Configuration& configuration) {
  require(listen_address(configuration.server.listen) && listen_address(configuration.server.admin_listen));
  require(net::TrustedProxies::read(configuration.server.trusted_proxies).has_value());
  require_url(configuration.server.public_url);
  require_url(configuration.forge.jwks_url);
  const auto& teamviewer = configuration.teamviewer;
  for (const auto* url : {&teamviewer.authorize_url, &teamviewer.api_url, &teamviewer.launch_url}) require_url(*url);
  for (const auto& origin : configuration.forge.api_hosts) require_url(origin);
  require(crypto::Sealer::from_key_file(configuration.secrets.keys).has_value());
  const auto& forge = configuration.forge;
  for (const auto& id : forge.app_ids) require(id.starts_with("ari:cloud:ecosystem::app/") && id.size() == 61);
  for (const auto& name : forge.environments) require(name == "PRODUCTION" || name == "STAGING" || name == "DEVELOPMENT");
  require(!forge.environments.empty() && !forge.api_hosts.empty());
  require(!forge.app_ids.empty() && !teamviewer.client_id.empty() && !teamviewer.client_secret.empty() && !teamviewer.group.empty());
  require(teamviewer.reports_client_id.empty() == teamviewer.reports_client_secret.empty() && teamviewer.reports_client_id != teamviewer.client_id);
  require(teamviewer.calls_per_minute >= 1 && teamviewer.calls_per_minute <= 100'000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static File file;
  // Other files are not for the fuzzer to open.
  if (std::string_view(reinterpret_cast<const char*>(data), size).contains("_file")) return 0;
  file.write(data, size);
  const auto configuration = read_configuration(file.path(), [](const std::string&) { return std::nullopt; });
  if (configuration) {
    require_fair(*configuration);
    return 0;
  }
  const auto& error = configuration.error();
  require(error.code == "configuration_invalid");
  require(error.cause.starts_with(file.path().string() + ", line ") || error.cause.starts_with(file.path().string() + ": "));
  require(support::to_one_line(error.cause) == error.cause);
  return 0;
}
