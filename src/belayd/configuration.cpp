#include "belayd/configuration.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/json.hpp"
#include "crypto/seal.hpp"
#include "net/trusted_proxies.hpp"
#include "support/code_points.hpp"

namespace belay::belayd {
namespace {

// What stands in the file or the environment for one key, and where, for the one clear line.
struct Given {
  std::vector<std::string> values;
  bool is_list = false;
  std::string where;
};
using GivenKeys = std::map<std::string, Given>;   // "server.listen"

enum class Rule { text, count, list, listen_address, origin, url, path, secret, storage_url, bus_url, log_level };

struct Field {
  std::string_view section;
  std::string_view key;
  Rule rule;
  bool required;
  std::function<void(Configuration&, const Given&)> set;
};

template <class Section>
auto text_in(Section Configuration::*section, std::string Section::*member) {
  return [=](Configuration& into, const Given& given) { into.*section.*member = given.values.front(); };
}

template <class Section>
auto list_in(Section Configuration::*section, std::vector<std::string> Section::*member) {
  return [=](Configuration& into, const Given& given) { into.*section.*member = given.values; };
}

// Checked before it is set (check_rule).
std::optional<std::size_t> count_of(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count == 0 || count > 100'000) return std::nullopt;
  return count;
}

template <class Section>
auto count_in(Section Configuration::*section, std::size_t Section::*member) {
  return [=](Configuration& into, const Given& given) { into.*section.*member = count_of(given.values.front()).value_or(into.*section.*member); };
}

using C = Configuration;

const std::vector<Field>& fields() {
  static const std::vector<Field> all{
      {"server", "listen", Rule::listen_address, false, text_in(&C::server, &C::Server::listen)},
      {"server", "public_url", Rule::origin, true, text_in(&C::server, &C::Server::public_url)},
      {"server", "admin_listen", Rule::listen_address, false, text_in(&C::server, &C::Server::admin_listen)},
      {"server", "trusted_proxies", Rule::list, false, list_in(&C::server, &C::Server::trusted_proxies)},
      {"storage", "url", Rule::storage_url, false, text_in(&C::storage, &C::Storage::url)},
      {"bus", "url", Rule::bus_url, false, text_in(&C::bus, &C::Bus::url)},
      {"secrets", "key", Rule::secret, true, text_in(&C::secrets, &C::Secrets::keys)},
      {"forge", "app_ids", Rule::list, true, list_in(&C::forge, &C::Forge::app_ids)},
      {"forge", "environments", Rule::list, false, list_in(&C::forge, &C::Forge::environments)},
      {"forge", "jwks_url", Rule::url, false, text_in(&C::forge, &C::Forge::jwks_url)},
      {"forge", "jwks_cache", Rule::path, false, text_in(&C::forge, &C::Forge::jwks_cache)},
      {"forge", "api_hosts", Rule::list, false, list_in(&C::forge, &C::Forge::api_hosts)},
      {"teamviewer", "client_id", Rule::text, true, text_in(&C::teamviewer, &C::TeamViewer::client_id)},
      {"teamviewer", "client_secret", Rule::secret, true, text_in(&C::teamviewer, &C::TeamViewer::client_secret)},
      {"teamviewer", "authorize_url", Rule::url, false, text_in(&C::teamviewer, &C::TeamViewer::authorize_url)},
      {"teamviewer", "api_url", Rule::origin, false, text_in(&C::teamviewer, &C::TeamViewer::api_url)},
      {"teamviewer", "launch_url", Rule::origin, false, text_in(&C::teamviewer, &C::TeamViewer::launch_url)},
      {"teamviewer", "calls_per_minute", Rule::count, false, count_in(&C::teamviewer, &C::TeamViewer::calls_per_minute)},
      {"teamviewer", "group", Rule::text, false, text_in(&C::teamviewer, &C::TeamViewer::group)},
      {"log", "level", Rule::log_level, false, text_in(&C::log, &C::Log::level)},
  };
  return all;
}

std::string name_of(const Field& field) { return fmt::format("{}.{}", field.section, field.key); }

// One line, whatever stands in what it repeats.
std::unexpected<Error> invalid(std::string_view line) { return fail("configuration_invalid", support::to_one_line(line)); }

std::unexpected<Error> wrong(const std::string& where, const std::string& key, const std::string& rule) {
  return invalid(fmt::format("{}: {}: {}", where, key, rule));
}

// ---- the file ----

std::string line_of(const std::filesystem::path& file, const toml::source_region& region) { return fmt::format("{}, line {}", file.string(), region.begin.line); }

bool is_known_key(const std::string& name) {
  return std::ranges::any_of(fields(), [&](const Field& field) { return name == name_of(field) || (field.rule == Rule::secret && name == name_of(field) + "_file"); });
}

Result<Given> read_value(const std::string& name, const toml::node& node, const std::string& where) {
  Given given{.values = {}, .is_list = node.is_array(), .where = where};
  if (const auto* list = node.as_array()) {
    for (const auto& item : *list) {
      if (!item.is_string()) return wrong(where, name, "a list of strings");
      given.values.push_back(item.ref<std::string>());
    }
    return given;
  }
  if (const auto number = node.value_exact<std::int64_t>()) {
    given.values.push_back(std::to_string(*number));
    return given;
  }
  if (!node.is_string()) return wrong(where, name, "a string, a number or a list of strings");
  given.values.push_back(node.ref<std::string>());
  return given;
}

Result<void> read_section(GivenKeys& keys, const std::filesystem::path& file, const std::string& section, const toml::table& table) {
  for (const auto& [key, node] : table) {
    const auto name = section + "." + std::string(key.str());
    const auto where = line_of(file, key.source());
    if (!is_known_key(name)) return wrong(where, name, "unknown key");
    BELAY_TRY(given, read_value(name, node, where));
    keys[name] = std::move(given);
  }
  return {};
}

Result<GivenKeys> read_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) return invalid(fmt::format("{}: cannot be read", file.string()));
  std::ostringstream text;
  text << stream.rdbuf();
  GivenKeys keys;
  try {
    const auto table = toml::parse(text.str(), file.string());
    for (const auto& [section, node] : table) {
      const std::string name(section.str());
      const auto* inner = node.as_table();
      const bool known = std::ranges::any_of(fields(), [&](const Field& field) { return field.section == name; });
      if (!known || inner == nullptr) return wrong(line_of(file, section.source()), name, "unknown section");
      BELAY_CHECK(read_section(keys, file, name, *inner));
    }
  } catch (const toml::parse_error& error) {
    return invalid(fmt::format("{}: {}", line_of(file, error.source()), error.description()));
  }
  return keys;
}

// ---- the environment ----

std::string variable_of(const std::string& name) {
  std::string variable = "BELAY_" + name;
  std::ranges::transform(variable, variable.begin(), [](unsigned char c) { return c == '.' ? '_' : static_cast<char>(std::toupper(c)); });
  return variable;
}

void read_variable(GivenKeys& keys, const std::string& name, bool is_list, const Environment& environment) {
  const auto variable = variable_of(name);
  const auto value = environment(variable);
  if (!value) return;
  Given given{.values = {}, .is_list = is_list, .where = variable};
  if (!is_list) {
    given.values.push_back(*value);
  } else {
    std::istringstream items(*value);
    for (std::string item; std::getline(items, item, ',');) given.values.emplace_back(support::trimmed(item));
  }
  keys[name] = std::move(given);
}

// ---- the rules ----

Result<std::string> file_content(const Given& path, const std::string& name) {
  std::ifstream stream(path.values.front());
  if (!stream) return wrong(path.where, name, fmt::format("{} cannot be read", path.values.front()));
  std::ostringstream text;
  text << stream.rdbuf();
  auto content = text.str();
  while (content.ends_with('\n') || content.ends_with('\r')) content.pop_back();
  return content;
}

Result<void> check_url(const Given& given, const std::string& name, const std::string& text, bool origin_only) {
  const auto url = boost::urls::parse_uri(text);
  if (!url || url->host().empty() || (url->scheme() != "https" && url->scheme() != "http")) return wrong(given.where, name, fmt::format("'{}' is not an http or https address", text));
  if (url->has_userinfo() || url->has_fragment()) return wrong(given.where, name, "an address without user and fragment");
  if (origin_only && (!url->encoded_path().empty() || url->has_query())) return wrong(given.where, name, "an address without a path, not even a slash at the end");
  if (url->scheme() == "http" && !is_loopback_url(text)) return wrong(given.where, name, "https, since it is not on this machine");
  return {};
}

bool is_numeric(const std::string& host) { return boost::urls::parse_ipv4_address(host).has_value() || boost::urls::parse_ipv6_address(host).has_value(); }

std::string bad_line(const Error& error) {
  const auto line = json::integer_at(error.detail, "line");
  return line ? fmt::format(" (line {} of the keys is none)", *line) : std::string();
}

Result<void> check_rule(const Field& field, const Given& given) {
  const auto name = name_of(field);
  const bool wants_list = field.rule == Rule::list;
  if (given.is_list != wants_list) return wrong(given.where, name, wants_list ? "a list of strings" : "a string");
  if (wants_list) {
    if (field.required && given.values.empty()) return wrong(given.where, name, "not empty");
    if (name == "forge.api_hosts") {
      for (const auto& host : given.values) BELAY_CHECK(check_url(given, name, host.find("://") == std::string::npos ? "https://" + host : host, true));
    }
    if (name == "server.trusted_proxies" && !net::TrustedProxies::read(given.values)) return wrong(given.where, name, "a list of addresses and networks, such as 10.0.0.0/8");
    return {};
  }
  const auto& text = given.values.front();
  if (text.empty() && field.required) return wrong(given.where, name, "not empty");
  switch (field.rule) {
    case Rule::listen_address:
      if (const auto address = listen_address(text); !address || !is_numeric(address->host)) {
        return wrong(given.where, name, fmt::format("'{}' is not an address in numbers and a port, such as 127.0.0.1:8080", text));
      }
      break;
    case Rule::count:
      if (!count_of(text)) return wrong(given.where, name, "a whole number from 1 to 100000");
      break;
    case Rule::origin: return check_url(given, name, text, true);
    case Rule::url: return check_url(given, name, text, false);
    case Rule::storage_url:
      if (!text.starts_with("sqlite:") && !text.starts_with("postgresql://")) return wrong(given.where, name, "sqlite:<file> or postgresql://…");
      break;
    case Rule::bus_url:
      if (text != "inproc:") return wrong(given.where, name, "inproc:");
      break;
    case Rule::log_level: {
      constexpr std::array levels{"debug", "info", "warning", "error"};
      if (std::ranges::find(levels, text) == levels.end()) return wrong(given.where, name, "debug, info, warning or error");
      break;
    }
    default: break;
  }
  if (name == "teamviewer.group" && text.empty()) return wrong(given.where, name, "not empty");
  if (name == "secrets.key") {
    const auto sealer = crypto::Sealer::from_key_file(text);
    if (!sealer) return wrong(given.where, name, "one base64 key of 32 bytes a line" + bad_line(sealer.error()));
  }
  return {};
}

// `key` or `key_file`, not both.
Result<void> resolve_secret(GivenKeys& keys, const Field& field) {
  const auto name = name_of(field);
  const auto file = keys.find(name + "_file");
  if (file == keys.end()) return {};
  if (keys.contains(name)) return wrong(file->second.where, name, "given twice: inline and as a file");
  if (file->second.is_list) return wrong(file->second.where, name + "_file", "a string");
  BELAY_TRY(content, file_content(file->second, name + "_file"));
  keys[name] = Given{.values = {content}, .is_list = false, .where = file->second.where};
  return {};
}

}  // namespace

std::optional<ListenAddress> listen_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  ListenAddress address{.host = std::string(host), .port = 0};
  const auto port = text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (error != std::errc{} || end != port.data() + port.size() || host.empty()) return std::nullopt;
  return address;
}

bool is_loopback_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return false;
  if (parsed->host_type() == boost::urls::host_type::ipv4) return parsed->host_ipv4_address().is_loopback();
  if (parsed->host_type() == boost::urls::host_type::ipv6) return parsed->host_ipv6_address().is_loopback();
  const auto host = parsed->host_name();
  return host == "localhost" || host.ends_with(".localhost");
}

Result<Configuration> read_configuration(const std::optional<std::filesystem::path>& file, const Environment& environment) {
  GivenKeys keys;
  if (file) {
    BELAY_TRY(from_file, read_file(*file));
    keys = std::move(from_file);
  }
  for (const auto& field : fields()) {
    const auto name = name_of(field);
    if (field.rule == Rule::secret) {
      // Either way of giving it wins over both of the file's.
      if (environment(variable_of(name)) || environment(variable_of(name + "_file"))) keys.erase(name), keys.erase(name + "_file");
      read_variable(keys, name + "_file", false, environment);
    }
    read_variable(keys, name, field.rule == Rule::list, environment);
  }
  Configuration configuration;
  for (const auto& field : fields()) {
    if (field.rule == Rule::secret) BELAY_CHECK(resolve_secret(keys, field));
    const auto name = name_of(field);
    const auto given = keys.find(name);
    if (given == keys.end()) {
      if (field.required) return wrong(file ? file->string() : std::string("environment"), name, fmt::format("missing; it can also be given as {}", variable_of(name)));
      continue;
    }
    BELAY_CHECK(check_rule(field, given->second));
    field.set(configuration, given->second);
  }
  return configuration;
}

}  // namespace belay::belayd
