#include "belayd/configuration.hpp"

#include <filesystem>
#include <fstream>
#include <map>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "crypto/digest.hpp"

using namespace belay;
using namespace belay::belayd;

namespace {

using Variables = std::map<std::string, std::string>;

constexpr auto kAppId = "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107";

Result<Configuration> read(Variables more) {
  // A file for the secret takes its place.
  if (!more.contains("BELAY_SECRETS_KEY_FILE")) more.insert({"BELAY_SECRETS_KEY", "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="});
  if (!more.contains("BELAY_TEAMVIEWER_CLIENT_SECRET_FILE")) more.insert({"BELAY_TEAMVIEWER_CLIENT_SECRET", "secret"});
  more.insert({{"BELAY_SERVER_PUBLIC_URL", "https://support.example.com"},
               {"BELAY_FORGE_APP_IDS", kAppId},
               {"BELAY_TEAMVIEWER_CLIENT_ID", "1"}});
  return read_configuration(std::nullopt, [&](const std::string& name) -> std::optional<std::string> {
    const auto found = more.find(name);
    if (found == more.end()) return std::nullopt;
    return found->second;
  });
}

std::string refusal_of(const Variables& variables) {
  const auto configuration = read(variables);
  return configuration ? "accepted" : configuration.error().cause;
}

// A folder that goes with it.
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("belay-configuration-" + crypto::hex(crypto::random_bytes(6)));
  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

struct Case {
  std::string key;     // "server.listen"
  std::string value;
  std::string rule;    // how the line ends
};

std::string variable_of(std::string key) {
  for (auto& c : key) c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return "BELAY_" + key;
}

}  // namespace

TEST_CASE("a value that can never work is refused, in a line that names where it stands and what it has to be") {
  const std::string letters(64, 'a');
  const std::string long_group(101, 'a');
  const std::string long_name = "https://" + letters + ".example";
  constexpr auto port = "a port from 1 to 65535";
  constexpr auto one_line = "one line";
  constexpr auto empty = "not empty";
  constexpr auto no_path = "an address without a path, not even a slash at the end";
  constexpr auto no_listen = "is not an address in numbers and a port, such as 127.0.0.1:8080 or [::1]:8080";
  constexpr auto no_app = "is not like ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107, in small letters";
  constexpr auto no_environment = "is not PRODUCTION, STAGING or DEVELOPMENT";
  constexpr auto no_host = "is not the name of a host";
  constexpr auto no_url = "is not an http or https address";
  constexpr auto no_network = "a list of addresses and networks, such as 10.0.0.0/8";
  constexpr auto sqlite = "sqlite: and the path of a file, without quotes, spaces, ';' and '='";
  constexpr auto database_host = "a host, or hosts separated by commas; characters such as @ and / in a password are written %40 and %2F";
  constexpr auto whole_number = "a whole number from 1 to 100000";
  const Case cases[]{
      {"forge.app_ids", "", empty}, {"forge.app_ids", "abc", no_app}, {"forge.app_ids", ",", no_app}, {"forge.app_ids", "ari:cloud:ecosystem::app/", no_app},
      {"forge.app_ids", "ari:cloud:ecosystem::app/1", no_app}, {"forge.app_ids", "8db33809-1f32-48bb-8c52-5877dab48107", no_app},
      {"forge.app_ids", "ari:cloud:ecosystem::app/8DB33809-1F32-48BB-8C52-5877DAB48107", no_app}, {"forge.app_ids", "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107x", no_app},
      {"forge.app_ids", "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107,abc", no_app},
      {"forge.environments", "", empty}, {"forge.environments", "PROD", no_environment}, {"forge.environments", "production", no_environment}, {"forge.environments", "PRODUCTION,,STAGING", no_environment},
      {"forge.api_hosts", "", empty}, {"forge.api_hosts", ",", no_url}, {"forge.api_hosts", "*.atlassian.com", no_host}, {"forge.api_hosts", "https://*.atlassian.com", no_host},
      {"forge.api_hosts", "https://api..com", no_host}, {"forge.api_hosts", "api.atlassian.com.", no_host}, {"forge.api_hosts", "-api.atlassian.com", no_host}, {"forge.api_hosts", "api atlassian com", no_url},
      {"forge.api_hosts", "api.atlassian.com/ex", no_path}, {"forge.api_hosts", "api.atlassian.com/", no_path}, {"forge.api_hosts", "api.atlassian.com:0", port}, {"forge.api_hosts", "127.0.0.1:8080", "accepted"},
      {"forge.api_hosts", "http://api.atlassian.com", "https, since it is not on this machine"}, {"forge.api_hosts", "999.0.0.1", no_host}, {"forge.api_hosts", "ftp://api.atlassian.com", no_url},
      {"forge.jwks_url", "", no_url}, {"forge.jwks_url", "forge.example/jwks.json", no_url}, {"forge.jwks_url", "https://forge.example:65536/jwks.json", port}, {"forge.jwks_url", "file:///etc/jwks.json", no_url},
      {"forge.jwks_cache", "a\nb", "a path in one line"}, {"forge.jwks_cache", "/", "/ is a folder"},
      {"server.public_url", "", no_url}, {"server.public_url", "https://x:99999", port}, {"server.public_url", "https://x:0", port}, {"server.public_url", "https://x:", port}, {"server.public_url", "https://x:-1", port},
      {"server.public_url", "https://", no_url}, {"server.public_url", "https:/x", no_url}, {"server.public_url", "//x", no_url}, {"server.public_url", "https://x/", no_path}, {"server.public_url", "https://x?y", no_path},
      {"server.public_url", "https://me@x", "an address without user and fragment"}, {"server.public_url", "https://x#y", "an address without user and fragment"}, {"server.public_url", "https://a%20b", no_host},
      {"server.public_url", "https://[::1", no_url}, {"server.public_url", "http://x.example", "https, since it is not on this machine"}, {"server.public_url", long_name, no_host},
      {"server.listen", "", no_listen}, {"server.listen", "8080", no_listen}, {"server.listen", ":8080", no_listen}, {"server.listen", "localhost:8080", no_listen}, {"server.listen", "127.0.0.1", no_listen},
      {"server.listen", "127.0.0.1:", no_listen}, {"server.listen", "127.0.0.1:65536", no_listen}, {"server.listen", "127.0.0.1:-1", no_listen}, {"server.listen", "127.0.0.1:+1", no_listen},
      {"server.listen", "127.0.0.1:80x", no_listen}, {"server.listen", "::1:8080", no_listen}, {"server.listen", "[127.0.0.1]:8080", no_listen}, {"server.listen", "*:8080", no_listen},
      {"server.admin_listen", "everywhere", no_listen}, {"server.admin_listen", "127.0.0.1:8080", "listen and admin_listen cannot share port 8080"},
      {"server.admin_listen", "0.0.0.0:8080", "listen and admin_listen cannot share port 8080"}, {"server.listen", "[::]:9090", "listen and admin_listen cannot share port 9090"},
      {"server.trusted_proxies", ",", no_network}, {"server.trusted_proxies", "localhost", no_network}, {"server.trusted_proxies", "10.0.0.0/33", no_network}, {"server.trusted_proxies", "10.0.0.0/-1", no_network},
      {"server.trusted_proxies", "10.0.0.0/", no_network}, {"server.trusted_proxies", "::1/129", no_network}, {"server.trusted_proxies", "10.0.0.*", no_network},
      {"storage.url", "", "sqlite:<file> or postgresql://…"}, {"storage.url", "oracle:x", "sqlite:<file> or postgresql://…"}, {"storage.url", "belay.db", "sqlite:<file> or postgresql://…"},
      {"storage.url", "sqlite:", sqlite}, {"storage.url", "sqlite::memory:", sqlite}, {"storage.url", "sqlite:my belay.db", sqlite}, {"storage.url", "sqlite:/var/lib/belay/", sqlite}, {"storage.url", "sqlite:a\nb", sqlite},
      {"storage.url", "postgresql://u:p@127.0.0.1:1x/x y", "an address without spaces; a space is written %20"}, {"storage.url", "postgresql://u:p@127.0.0.1:1x/x", port}, {"storage.url", "postgresql://127.0.0.1:0/x", port},
      {"storage.url", "postgresql://127.0.0.1:65536/x", port}, {"storage.url", "postgresql://127.0.0.1:-1/x", port}, {"storage.url", "postgresql://a,b:1x/x", port}, {"storage.url", "postgresql://u:p%4@a/x", "% begins a character that is written as two hexadecimal digits"},
      {"storage.url", "postgresql://u:p@ss@a/x", database_host}, {"storage.url", "postgresql://[::1/x", "a host, or hosts separated by commas; an address with colons stands in brackets"}, {"storage.url", "postgresql://a/x?sslmode", "name=value, separated by &, after the question mark"},
      {"bus.url", "", "inproc:"}, {"bus.url", "nats://127.0.0.1", "inproc:"},
      {"secrets.key", "", empty}, {"secrets.key", " \n", empty}, {"secrets.key", "c2hvcnQ=", "one base64 key of 32 bytes a line; of the keys, line 1: base64 of 32 bytes"},
      {"teamviewer.client_id", "", empty}, {"teamviewer.client_id", " ", "one word"}, {"teamviewer.client_id", "12 34", "one word"}, {"teamviewer.client_id", "1\n", "one word"},
      {"teamviewer.client_secret", "", empty}, {"teamviewer.client_secret", " ", empty}, {"teamviewer.client_secret", "one\ntwo", one_line},
      {"teamviewer.authorize_url", "login.example", no_url}, {"teamviewer.api_url", "webapi", no_url}, {"teamviewer.api_url", "https://webapi.example/api", no_path}, {"teamviewer.launch_url", "teamviewer10:", no_url},
      {"teamviewer.launch_url", "https://start.example:123456", port},
      {"teamviewer.group", "", empty}, {"teamviewer.group", " ", empty}, {"teamviewer.group", "a\nb", one_line}, {"teamviewer.group", long_group, "at most 100 characters"},
      {"teamviewer.calls_per_minute", "", whole_number}, {"teamviewer.calls_per_minute", "0", whole_number}, {"teamviewer.calls_per_minute", "-1", whole_number}, {"teamviewer.calls_per_minute", "1.5", whole_number},
      {"teamviewer.calls_per_minute", "100001", whole_number}, {"teamviewer.calls_per_minute", "99999999999999999999", whole_number}, {"teamviewer.calls_per_minute", "forty", whole_number},
      {"log.level", "", "debug, info, warning or error"}, {"log.level", "INFO", "debug, info, warning or error"},
  };
  for (const auto& [key, value, rule] : cases) {
    CAPTURE(key);
    CAPTURE(value);
    const auto variable = variable_of(key);
    const auto refusal = refusal_of({{variable, value}});
    CAPTURE(refusal);
    CHECK(refusal.ends_with(rule));
    if (rule != "accepted") CHECK(refusal.starts_with(fmt::format("{}: {}: ", variable, key)));
  }
}

TEST_CASE("what can work is taken as it stands") {
  const Case cases[]{
      {"forge.environments", "DEVELOPMENT,STAGING", ""}, {"forge.api_hosts", "http://127.0.0.1:8080", ""}, {"forge.api_hosts", "http://localhost:8080,https://api.atlassian.com", ""},
      {"server.public_url", "http://belay.localhost:8080", ""}, {"server.public_url", "https://192.0.2.7:8443", ""}, {"server.public_url", "https://[2001:db8::1]", ""}, {"server.public_url", "https://be_lay.intranet", ""},
      {"server.listen", "[::1]:0", ""}, {"server.listen", "0.0.0.0:8080", ""}, {"server.admin_listen", "127.0.0.2:8080", ""}, {"server.trusted_proxies", "", ""},
      {"storage.url", "sqlite:belay.db", ""}, {"storage.url", "postgresql:///belay", ""}, {"storage.url", "postgresql://u:p%40ss@a.example:5432,b.example/belay?sslmode=verify-full&connect_timeout=3", ""},
      {"storage.url", "postgresql://%2Fvar%2Frun%2Fpostgresql/belay", ""}, {"storage.url", "postgresql://u@[::1]:5432/belay", ""}, {"storage.url", "postgresql://a:/belay", ""},
      {"forge.jwks_cache", "", ""}, {"teamviewer.calls_per_minute", "100000", ""}, {"teamviewer.group", "Jira & Co", ""},
  };
  for (const auto& [key, value, unused] : cases) {
    CAPTURE(key);
    CAPTURE(value);
    CHECK(refusal_of({{variable_of(key), value}}) == "accepted");
  }
}

TEST_CASE("api_hosts are kept as tokens name them") {
  const auto configuration = read({{"BELAY_FORGE_API_HOSTS", "API.Atlassian.com:443, https://Other.Example:8443, http://LOCALHOST:80"}});
  REQUIRE(configuration);
  CHECK(configuration->forge.api_hosts == std::vector<std::string>{"https://api.atlassian.com", "https://other.example:8443", "http://localhost"});
}

TEST_CASE("a secret in a file is named by the key of the file, and a folder is no file") {
  const Folder folder;
  const auto place = folder.path.string();
  CHECK(refusal_of({{"BELAY_SECRETS_KEY_FILE", place}}) == "BELAY_SECRETS_KEY_FILE: secrets.key_file: " + place + " cannot be read");
  CHECK(refusal_of({{"BELAY_TEAMVIEWER_CLIENT_SECRET_FILE", place}}) == "BELAY_TEAMVIEWER_CLIENT_SECRET_FILE: teamviewer.client_secret_file: " + place + " cannot be read");
  CHECK(refusal_of({{"BELAY_SECRETS_KEY_FILE", ""}}) == "BELAY_SECRETS_KEY_FILE: secrets.key_file:  cannot be read");
  CHECK(refusal_of({{"BELAY_SECRETS_KEY_FILE", folder.write("empty", "")}}) == "BELAY_SECRETS_KEY_FILE: secrets.key_file: not empty");
  CHECK(refusal_of({{"BELAY_TEAMVIEWER_CLIENT_SECRET_FILE", folder.write("blank", "\n")}}) == "BELAY_TEAMVIEWER_CLIENT_SECRET_FILE: teamviewer.client_secret_file: not empty");
  CHECK(refusal_of({{"BELAY_TEAMVIEWER_CLIENT_SECRET_FILE", folder.write("secret", "secret\r\n")}}) == "accepted");
  CHECK(read_configuration(folder.path, [](const std::string&) { return std::nullopt; }).error().cause == place + ": cannot be read");
}

TEST_CASE("the address of a database, which may hold a password, can stand in a file") {
  const Folder folder;
  const auto good = read({{"BELAY_STORAGE_URL_FILE", folder.write("database", "postgresql://belay:hidden@db.example/belay\n")}});
  REQUIRE(good);
  CHECK(good->storage.url == "postgresql://belay:hidden@db.example/belay");
  CHECK(refusal_of({{"BELAY_STORAGE_URL_FILE", folder.path.string()}}) == "BELAY_STORAGE_URL_FILE: storage.url_file: " + folder.path.string() + " cannot be read");
  const auto place = folder.write("bad", "postgresql://belay:hidden@db.example:0/belay");
  CHECK(refusal_of({{"BELAY_STORAGE_URL_FILE", place}}) == "BELAY_STORAGE_URL_FILE: storage.url_file: a port from 1 to 65535");
  CHECK(refusal_of({{"BELAY_STORAGE_URL_FILE", place}, {"BELAY_STORAGE_URL", "sqlite:belay.db"}}).ends_with("storage.url: given twice: inline and as a file"));
}

TEST_CASE("a second registration for records is another app, named with its secret, or there is none") {
  const std::string id = "BELAY_TEAMVIEWER_REPORTS_CLIENT_ID";
  const std::string secret = "BELAY_TEAMVIEWER_REPORTS_CLIENT_SECRET";
  const auto both = read({{id, "2"}, {secret, "other secret"}});
  REQUIRE(both);
  CHECK(both->teamviewer.reports_client_id == "2");
  CHECK(both->teamviewer.reports_client_secret == "other secret");
  for (const auto& none : {Variables{}, Variables{{id, ""}}, Variables{{id, ""}, {secret, ""}}}) {
    const auto configuration = read(none);
    REQUIRE(configuration);
    CHECK(configuration->teamviewer.reports_client_id.empty());
  }
  CHECK(refusal_of({{id, "2"}}) == id + ": teamviewer.reports_client_id: needs reports_client_secret too");
  CHECK(refusal_of({{id, "2"}, {secret, ""}}) == id + ": teamviewer.reports_client_id: needs reports_client_secret too");
  CHECK(refusal_of({{secret, "other secret"}}) == secret + ": teamviewer.reports_client_secret: needs reports_client_id too");
  CHECK(refusal_of({{id, "1"}, {secret, "other secret"}}) == id + ": teamviewer.reports_client_id: another app than client_id");
  CHECK(refusal_of({{id, "1 2"}, {secret, "x"}}) == id + ": teamviewer.reports_client_id: one word");
  CHECK(refusal_of({{id, "2"}, {secret, "one\ntwo"}}) == secret + ": teamviewer.reports_client_secret: one line");
  const Folder folder;
  const auto file = folder.write("reports", "from a file\n");
  const auto from_file = read({{id, "2"}, {secret + "_FILE", file}});
  REQUIRE(from_file);
  CHECK(from_file->teamviewer.reports_client_secret == "from a file");
}

TEST_CASE("no password of a database is repeated") {
  for (const auto url : {"postgresql://u:hidden@a:1x/x", "postgresql://u:hidden@@a/x", "postgresql://u:hid den@a/x", "postgresql://u:hidden%@a/x", "mysql://u:hidden@a/x"}) {
    CAPTURE(url);
    const auto refusal = refusal_of({{"BELAY_STORAGE_URL", url}});
    CHECK(refusal != "accepted");
    CHECK(refusal.find("hid") == std::string::npos);
  }
}

TEST_CASE("the environment alone is a configuration") {
  const auto configuration = read({{"BELAY_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, ::1"}});
  REQUIRE(configuration);
  CHECK(configuration->server.public_url == "https://support.example.com");
  CHECK(configuration->server.trusted_proxies == std::vector<std::string>{"10.0.0.0/8", "::1"});
}

TEST_CASE("what is wrong is said in one line, whatever was given") {
  const auto configuration = read({{"BELAY_SERVER_PUBLIC_URL", "https://support.example.com\nand more\x1b[2J"}});
  REQUIRE_FALSE(configuration);
  CHECK(configuration.error().code == "configuration_invalid");
  CHECK(configuration.error().cause == "BELAY_SERVER_PUBLIC_URL: server.public_url: 'https://support.example.com and more[2J' is not an http or https address");
}

TEST_CASE("names that look like a key and are none are told; what belongs to somebody else is not") {
  CHECK(unknown_variables({"BELAY_SERVER_LISTEN", "BELAY_TEAMVIEWER_CLIENT_SECRET_FILE", "BELAY_STORAGE_URL_FILE", "BELAY_BIN", "PATH", "BELAY_SERVERS_LISTEN"}).empty());
  CHECK(unknown_variables({"BELAY_SERVER_LISEN", "BELAY_LOG_LEVEL_FILE", "HOME"}) == std::vector<std::string>{"BELAY_SERVER_LISEN", "BELAY_LOG_LEVEL_FILE"});
}
