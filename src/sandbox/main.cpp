// belay-sandbox: plays Jira Cloud, Jira Data Center, Forge and TeamViewer on loopback, so that everything runs with no account anywhere.
// What it does, and the shapes of what it is told and says: docs/sandbox/.
#include <cstdlib>
#include <iostream>

#include <CLI/CLI.hpp>

#include "sandbox/serve.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Plays Jira Cloud, Jira Data Center, Forge and TeamViewer on loopback."};
  app.require_subcommand(1);
  belay::sandbox::ServeOptions options;
  auto* serve = app.add_subcommand("serve", "Serve until interrupted; prints one JSON line with the base URLs when ready.");
  serve->add_option("--listen", options.listen, "HOST:PORT, loopback only; port 0 takes a free one")->required();
  serve->add_option("--seed", options.seed, "The site to begin with (docs/sandbox/seed.schema.json)")->required()->check(CLI::ExistingFile);
  serve->add_option("--manifest", options.manifest, "The app's manifest")->default_val("forge/manifest.yml")->check(CLI::ExistingFile);
  serve->add_option("--forge-static", options.pages, "The folder with the built pages, one folder a resource; default: where the manifest says");
  serve->add_option("--plugins", options.plugins, "Of each Jira Data Center, by its name, the folder with the plugin that it has installed; default: none");
  serve->add_option("--signing-key", options.signing_key, "A PEM of the RSA key that signs invocation tokens at first; default: a new one")->check(CLI::ExistingFile);
  serve->add_option("--remote-url", options.remote_url, "Sets every configurable remote to this address from the start");
  CLI11_PARSE(app, argc, argv);

  const auto result = belay::sandbox::serve(options);
  if (result) return *result;
  std::cerr << "belay-sandbox: " << result.error().cause << '\n';
  return 2;
}
