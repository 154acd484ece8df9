#include "belayd/state_files.hpp"

#include <string_view>

#include "crypto/digest.hpp"

namespace belay::belayd {
namespace {

// Only whole paths count (XDG Base Directory Specification): another one would depend on where belayd was started.
std::filesystem::path whole_path(const Environment& environment, const std::string& variable) {
  const std::filesystem::path path(environment(variable).value_or(""));
  return path.is_absolute() ? path : std::filesystem::path();
}

std::filesystem::path state_folder(const Environment& environment) {
  // The unit may name several, with colons between them.
  const auto of_service = environment("STATE_DIRECTORY").value_or("");
  if (const std::filesystem::path first(of_service.substr(0, of_service.find(':'))); first.is_absolute()) return first;
  if (const auto of_user = whole_path(environment, "XDG_STATE_HOME"); !of_user.empty()) return of_user / "belay";
  if (const auto home = whole_path(environment, "HOME"); !home.empty()) return home / ".local/state/belay";
  return {};
}

}  // namespace

std::optional<std::filesystem::path> sqlite_file(const Configuration& configuration) {
  constexpr std::string_view sqlite = "sqlite:";
  if (!configuration.storage.url.starts_with(sqlite)) return std::nullopt;
  return std::filesystem::path(configuration.storage.url.substr(sqlite.size()));
}

std::filesystem::path usual_key_file(const Configuration& configuration, const Environment& environment) {
  if (const auto file = sqlite_file(configuration)) return file->parent_path() / "forge-keys.json";
  const auto folder = state_folder(environment);
  if (folder.empty()) return {};
  // A folder for state may serve several servers of one user: none of them may trust keys that another had from elsewhere.
  const auto source = crypto::hex(crypto::sha256(configuration.forge.jwks_url)).substr(0, 16);
  return folder / ("forge-keys-" + source + ".json");
}

}  // namespace belay::belayd
