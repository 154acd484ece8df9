// The app's pages as Forge's CDN serves them: each resource of the manifest under /<environment>/<resource>/, with Forge's content
// security policy, and with the bridge put into the page before the page's own scripts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "net/message.hpp"
#include "sandbox/forge/manifest.hpp"
#include "sandbox/party.hpp"

namespace belay::sandbox::forge {

class Resources final {
 public:
  /// `pages`: the folder that holds one folder a resource, named as the last part of its path in the manifest; empty: beside the manifest.
  Resources(const Manifest& manifest, std::filesystem::path pages) : manifest_(manifest), pages_(std::move(pages)) {}

  [[nodiscard]] net::Response serve(const net::Request& request, std::string_view environment, const Addresses& addresses, const std::vector<std::string>& hosts) const;

  /// Forge's policy for Custom UI: nothing inline unless the manifest asks for it, nothing from elsewhere but what it names.
  /// Pictures that Atlassian and TeamViewer host come from the sandbox's own sites where the manifest allows theirs.
  [[nodiscard]] std::string policy(const Addresses& addresses, const std::vector<std::string>& hosts) const;

 private:
  [[nodiscard]] std::filesystem::path folder_of(const Resource& resource) const;

  const Manifest& manifest_;
  std::filesystem::path pages_;
};

/// The page with the bridge's script tag as first child of its head.
[[nodiscard]] std::string with_bridge(std::string html);
[[nodiscard]] std::string_view content_type_of(std::string_view file_name);

}  // namespace belay::sandbox::forge
