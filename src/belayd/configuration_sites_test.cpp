// The sections of Jira Data Center and Server sites.
#include "belayd/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <doctest/doctest.h>

#include "crypto/digest.hpp"

using namespace belay;
using namespace belay::belayd;

namespace {

using Variables = std::map<std::string, std::string>;

constexpr auto kUsual = R"([server]
public_url = "https://support.example.com"
pages = "/usr/share/belay/pages"
[secrets]
key = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="
[teamviewer]
client_id = "1"
client_secret = "secret"
)";

struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("belay-sites-" + crypto::hex(crypto::random_bytes(6)));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

Result<Configuration> read(const Folder& folder, const std::string& sites, const Variables& variables = {}) {
  return read_configuration(folder.write("belay.toml", kUsual + sites), [&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

std::string refusal_of(const std::string& sites) {
  const Folder folder;
  const auto configuration = read(folder, sites);
  return configuration ? "accepted" : configuration.error().cause;
}

std::string site(const std::string& base_url, const std::string& more = {}) { return "[datacenter.acme]\nbase_url = \"" + base_url + "\"\nservice_token = \"t\"\n" + more; }

}  // namespace

TEST_CASE("a Jira Data Center stands at an origin, or under a path of it") {
  for (const auto* address : {"https://jira.example.com", "https://intranet.example.com/jira", "https://intranet.example.com:8443/tools/jira-2", "http://jira.localhost:8080/jira"}) {
    CAPTURE(address);
    const Folder folder;
    const auto configuration = read(folder, site(address));
    REQUIRE(configuration);
    CHECK(configuration->datacenters.at(0).base_url == address);
  }
}

TEST_CASE("what can be no address of a Jira is refused with the line and the rule") {
  constexpr auto path = "an address whose path, if it has one, is of plain words and has no slash at the end";
  const std::pair<std::string, std::string> cases[]{
      {"https://jira.example.com/", path}, {"https://jira.example.com/jira/", path}, {"https://jira.example.com//jira", path}, {"https://jira.example.com/../jira", path}, {"https://jira.example.com/a%2Fb", path},
      {"https://jira.example.com/a;b", path}, {"https://jira.example.com/jira?x=1", "without a question mark"}, {"https://jira.example.com/jira#x", "without user and fragment"}, {"https://me@jira.example.com", "without user and fragment"},
      {"http://jira.example.com", "https, since it is not on this machine"}, {"jira.example.com", "is not an http or https address"}, {"", "is not an http or https address"},
  };
  for (const auto& [address, rule] : cases) {
    CAPTURE(address);
    const auto cause = refusal_of(site(address));
    CAPTURE(cause);
    CHECK(cause.contains("datacenter.acme.base_url"));
    CHECK(cause.contains(rule));
    CHECK(cause.contains("line 10"));
  }
}

TEST_CASE("a file of certificates has to be there and to hold one") {
  const Folder folder;
  CHECK(refusal_of(site("https://jira.example.com", "ca_file = \"" + (folder.path / "missing.pem").string() + "\"\n")).contains("cannot be read as one"));
  CHECK(refusal_of(site("https://jira.example.com", "ca_file = \"" + folder.path.string() + "\"\n")).contains("cannot be read as one"));
  CHECK(refusal_of(site("https://jira.example.com", "ca_file = \"" + folder.write("key.pem", "-----BEGIN PRIVATE KEY-----\n") + "\"\n")).contains("cannot be read as one"));
  const auto good = folder.write("authority.pem", "# ours\n-----BEGIN CERTIFICATE-----\n");
  const auto configuration = read(folder, site("https://jira.example.com", "ca_file = \"" + good + "\"\n"));
  REQUIRE(configuration);
  CHECK(configuration->datacenters.at(0).ca_file == good);
}

TEST_CASE("an app in Jira Cloud or a Jira Data Center, one of them at least") {
  CHECK(refusal_of("").contains("forge.app_ids: missing"));
  const Folder folder;
  const auto alone = read(folder, site("https://jira.example.com"));
  REQUIRE(alone);
  CHECK_FALSE(alone->serves_cloud());
  const auto both = read(folder, site("https://jira.example.com") + "[forge]\napp_ids = [\"ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107\"]\n");
  REQUIRE(both);
  CHECK(both->serves_cloud());
}

TEST_CASE("half an incoming link, a name for no address, the same Jira twice, no pages") {
  CHECK(refusal_of(site("https://jira.example.com", "client_id = \"x\"\n")).contains("client_id needs client_secret too"));
  CHECK(refusal_of(site("https://jira.example.com", "client_secret = \"x\"\n")).contains("client_secret needs client_id too"));
  CHECK(refusal_of("[datacenter.Acme]\nbase_url = \"https://jira.example.com\"\n").contains("a name of small letters and digits"));
  CHECK(refusal_of("[datacenter]\nacme = \"https://jira.example.com\"\n").contains("a section of its own"));
  CHECK(refusal_of("[datacenter.acme]\nbase_url = \"https://jira.example.com\"\n").contains("datacenter.acme.service_token: missing; it can also be given as BELAY_DATACENTER_ACME_SERVICE_TOKEN"));
  CHECK(refusal_of(site("https://jira.example.com") + "[datacenter.other]\nbase_url = \"https://jira.example.com\"\nservice_token = \"t\"\n").contains("base_url is that of datacenter.acme too"));
  CHECK(refusal_of(site("https://jira.example.com", "token = \"x\"\n")).contains("unknown key"));
}

TEST_CASE("each key of a site can come from the environment, and each secret from a file") {
  const Folder folder;
  const auto secret = folder.write("token", "from-a-file\n");
  const auto configuration = read(folder, "[datacenter.acme]\nbase_url = \"https://jira.example.com\"\n", {{"BELAY_DATACENTER_ACME_SERVICE_TOKEN_FILE", secret}, {"BELAY_DATACENTER_ACME_BASE_URL", "https://other.example.com/jira"}});
  REQUIRE(configuration);
  CHECK(configuration->datacenters.at(0).service_token == "from-a-file");
  CHECK(configuration->datacenters.at(0).base_url == "https://other.example.com/jira");
}
