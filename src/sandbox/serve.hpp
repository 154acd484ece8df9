// Puts the sandbox together and runs it.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace belay::sandbox {

struct ServeOptions {
  std::string listen;               ///< 127.0.0.1:0, localhost:8080
  std::filesystem::path seed;
  std::filesystem::path manifest;
  std::filesystem::path pages;      ///< empty: beside the manifest
  std::filesystem::path plugins;    ///< of each Jira Data Center, by its name, the folder with its plugin; where there is none, none is installed
  std::filesystem::path signing_key; ///< PEM of the RSA key that signs invocation tokens at first; empty: a new one
  std::string remote_url;           ///< empty: the admin page sets it
};

/// Runs until SIGINT or SIGTERM. Errors before that: a listen address that is not loopback or taken, an unusable seed, manifest or key.
Result<int> serve(const ServeOptions& options);

/// "127.0.0.1:0" -> address and port. Error `listen_invalid` for anything that is not loopback.
struct ListenAddress { std::string address; std::uint16_t port = 0; };
Result<ListenAddress> parse_listen(std::string_view text);

}  // namespace belay::sandbox
