#include "belayd/configuration.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include <fmt/format.h>
namespace belay::belayd {
// toml++ 3.3 takes some broken text for mistakes of its own, and would end the program.
struct TomlMistaken {};
constexpr void toml_expects(bool holds) {
  if (!holds) throw TomlMistaken{};
}
}  // namespace belay::belayd
#define TOML_ASSERT(holds) ::belay::belayd::toml_expects(static_cast<bool>(holds))
// In text that is broken elsewhere too, more of what not_toml() is about may reach it than that can see: to its tables of blanks, characters that are in none
// of them are "unreachable". What is compiled of it then says that they are no blanks, which is right.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wignored-attributes"   // of functions that the precompiled header has seen
#pragma clang attribute push(__attribute__((no_sanitize("unreachable"))), apply_to = function)
#include <toml++/toml.h>
#pragma clang attribute pop
#pragma clang diagnostic pop

#include "belayd/rules.hpp"
#include "belayd/state_files.hpp"
#include "belayd/toml_text.hpp"
#include "support/code_points.hpp"

namespace belay::belayd {
namespace {

// What stands in the file or the environment for one key, and where and under which name, for the one clear line.
struct Given {
  std::vector<std::string> values;
  bool is_list = false;
  std::string where;
  std::string name;   // "secrets.key_file" for the key that stands in a file
};
using GivenKeys = std::map<std::string, Given>;   // "server.listen"

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

// As tokens name them, so that they compare byte for byte.
void set_api_hosts(Configuration& into, const Given& given) {
  into.forge.api_hosts.clear();
  for (const auto& host : given.values) into.forge.api_hosts.push_back(api_origin(host));
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
      {"server", "trusted_proxies", Rule::proxies, false, list_in(&C::server, &C::Server::trusted_proxies)},
      {"server", "pages", Rule::folder, false, text_in(&C::server, &C::Server::pages)},
      {"storage", "url", Rule::storage_url, false, text_in(&C::storage, &C::Storage::url)},
      {"bus", "url", Rule::bus_url, false, text_in(&C::bus, &C::Bus::url)},
      {"secrets", "key", Rule::keys, true, text_in(&C::secrets, &C::Secrets::keys)},
      {"forge", "app_ids", Rule::app_ids, false, list_in(&C::forge, &C::Forge::app_ids)},
      {"forge", "environments", Rule::environments, false, list_in(&C::forge, &C::Forge::environments)},
      {"forge", "jwks_url", Rule::url, false, text_in(&C::forge, &C::Forge::jwks_url)},
      {"forge", "jwks_cache", Rule::path, false, text_in(&C::forge, &C::Forge::jwks_cache)},
      {"forge", "api_hosts", Rule::api_hosts, false, set_api_hosts},
      {"teamviewer", "client_id", Rule::client_id, true, text_in(&C::teamviewer, &C::TeamViewer::client_id)},
      {"teamviewer", "client_secret", Rule::client_secret, true, text_in(&C::teamviewer, &C::TeamViewer::client_secret)},
      {"teamviewer", "reports_client_id", Rule::other_client_id, false, text_in(&C::teamviewer, &C::TeamViewer::reports_client_id)},
      {"teamviewer", "reports_client_secret", Rule::other_client_secret, false, text_in(&C::teamviewer, &C::TeamViewer::reports_client_secret)},
      {"teamviewer", "authorize_url", Rule::url, false, text_in(&C::teamviewer, &C::TeamViewer::authorize_url)},
      {"teamviewer", "api_url", Rule::origin, false, text_in(&C::teamviewer, &C::TeamViewer::api_url)},
      {"teamviewer", "launch_url", Rule::origin, false, text_in(&C::teamviewer, &C::TeamViewer::launch_url)},
      {"teamviewer", "calls_per_minute", Rule::count, false, count_in(&C::teamviewer, &C::TeamViewer::calls_per_minute)},
      {"teamviewer", "group", Rule::group, false, text_in(&C::teamviewer, &C::TeamViewer::group)},
      {"log", "level", Rule::log_level, false, text_in(&C::log, &C::Log::level)},
  };
  return all;
}

// Of each [datacenter.<name>].
constexpr std::string_view kDataCenter = "datacenter";
struct SiteField {
  std::string_view key;
  Rule rule;
  bool required;
  std::string Configuration::DataCenter::*member;
};
constexpr SiteField kSiteFields[] = {
    {"base_url", Rule::base_url, true, &C::DataCenter::base_url},
    {"ca_file", Rule::certificates, false, &C::DataCenter::ca_file},
    {"client_id", Rule::other_client_id, false, &C::DataCenter::client_id},
    {"client_secret", Rule::other_client_secret, false, &C::DataCenter::client_secret},
    {"service_token", Rule::client_secret, true, &C::DataCenter::service_token},
    {"webhook_secret", Rule::other_client_secret, false, &C::DataCenter::webhook_secret},
};

std::string name_of(const Field& field) { return fmt::format("{}.{}", field.section, field.key); }

// One line, whatever stands in what it repeats.
std::unexpected<Error> invalid(std::string_view line) { return fail("configuration_invalid", support::to_one_line(line)); }

std::unexpected<Error> wrong(const std::string& where, const std::string& key, const std::string& rule) {
  return invalid(fmt::format("{}: {}: {}", where, key, rule));
}

// ---- the file ----

std::string line_of(const std::filesystem::path& file, const toml::source_region& region) { return fmt::format("{}, line {}", file.string(), region.begin.line); }

// "datacenter.acme.base_url"
bool is_site_key(std::string_view name) {
  if (!name.starts_with(kDataCenter)) return false;
  const auto key = name.substr(name.rfind('.') + 1);
  return std::ranges::any_of(kSiteFields, [&](const SiteField& field) {
    return key == field.key || (is_secret(field.rule) && key.starts_with(field.key) && key.substr(field.key.size()) == "_file");
  });
}

bool is_known_key(const std::string& name) {
  if (is_site_key(name)) return true;
  return std::ranges::any_of(fields(), [&](const Field& field) { return name == name_of(field) || (is_secret(field.rule) && name == name_of(field) + "_file"); });
}

Result<Given> read_value(const std::string& name, const toml::node& node, const std::string& where) {
  Given given{.values = {}, .is_list = node.is_array(), .where = where, .name = name};
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

// Nothing when it cannot be read. A folder can be opened; only reading shows what it is.
std::optional<std::string> content_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  stream.peek();
  if (!stream.is_open() || stream.bad()) return std::nullopt;
  std::ostringstream text;
  text << stream.rdbuf();
  return std::move(text).str();
}

// Its name stands in addresses, in the id of its rows, and in names of variables.
bool is_site_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

Result<void> read_sites(GivenKeys& keys, const std::filesystem::path& file, const toml::table& sites) {
  for (const auto& [site, node] : sites) {
    const std::string name(site.str());
    const auto where = line_of(file, site.source());
    const auto section = std::string(kDataCenter) + "." + name;
    if (!is_site_name(name)) return wrong(where, section, "a name of small letters and digits, 32 at most");
    const auto* inner = node.as_table();
    if (inner == nullptr) return wrong(where, section, "a section of its own, [datacenter." + name + "]");
    keys[section] = Given{.values = {name}, .is_list = false, .where = where, .name = section};
    BELAY_CHECK(read_section(keys, file, section, *inner));
  }
  return {};
}

Result<GivenKeys> read_file(const std::filesystem::path& file) {
  const auto text = content_of(file);
  if (!text) return invalid(fmt::format("{}: cannot be read", file.string()));
  if (const auto problem = not_toml(*text)) return invalid(fmt::format("{}, line {}: {}", file.string(), problem->line, problem->why));
  GivenKeys keys;
  try {
    const auto table = toml::parse(*text, file.string());
    for (const auto& [section, node] : table) {
      const std::string name(section.str());
      const auto* inner = node.as_table();
      const bool known = std::ranges::any_of(fields(), [&](const Field& field) { return field.section == name; });
      if (name == kDataCenter && inner != nullptr) {
        BELAY_CHECK(read_sites(keys, file, *inner));
        continue;
      }
      if (!known || inner == nullptr) return wrong(line_of(file, section.source()), name, "unknown section");
      BELAY_CHECK(read_section(keys, file, name, *inner));
    }
  } catch (const toml::parse_error& error) {
    return invalid(fmt::format("{}: {}", line_of(file, error.source()), error.description()));
  } catch (const TomlMistaken&) {
    return invalid(fmt::format("{}: is no TOML", file.string()));
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
  Given given{.values = {}, .is_list = is_list, .where = variable, .name = name};
  if (!is_list) {
    given.values.push_back(*value);
  } else {
    std::istringstream items(*value);
    for (std::string item; std::getline(items, item, ',');) given.values.emplace_back(support::trimmed(item));
  }
  keys[name] = std::move(given);
}

// ---- the rules ----

Result<void> check_rule(Rule rule, const Given& given) {
  if (given.is_list != is_list(rule)) return wrong(given.where, given.name, is_list(rule) ? "a list of strings" : "a string");
  if (const auto fault = fault_of(rule, given.values)) return wrong(given.where, given.name, *fault);
  return {};
}

// Does one that listens at `host` stand in the way of another at `other`, on the same port?
bool stands_in_the_way(const std::string& host, const std::string& other) {
  return host == other || host == "::" || (host == "0.0.0.0" && !other.contains(':'));
}

Result<void> check_listeners(const GivenKeys& keys, const Configuration& configuration) {
  const auto api = *listen_address(configuration.server.listen);
  const auto admin = *listen_address(configuration.server.admin_listen);
  const bool apart = api.port != admin.port || api.port == 0 || (!stands_in_the_way(api.host, admin.host) && !stands_in_the_way(admin.host, api.host));
  if (apart) return {};
  const auto& given = keys.at(keys.contains("server.admin_listen") ? "server.admin_listen" : "server.listen");
  return wrong(given.where, given.name, fmt::format("listen and admin_listen cannot share port {}", api.port));
}

// Half a registration opens nothing. The same one twice would refuse whoever's licence gives no reports, at the first link.
Result<void> check_reports_registration(const GivenKeys& keys, const Configuration& configuration) {
  const auto& teamviewer = configuration.teamviewer;
  const auto broken = [&](const char* key, const std::string& rule) {
    const auto& given = keys.at(key);
    return wrong(given.where, given.name, rule);
  };
  if (teamviewer.reports_client_id.empty() && teamviewer.reports_client_secret.empty()) return {};
  if (teamviewer.reports_client_secret.empty()) return broken("teamviewer.reports_client_id", "needs reports_client_secret too");
  if (teamviewer.reports_client_id.empty()) return broken("teamviewer.reports_client_secret", "needs reports_client_id too");
  if (teamviewer.reports_client_id == teamviewer.client_id) return broken("teamviewer.reports_client_id", "another app than client_id");
  return {};
}

// `key` or `key_file`, not both.
Result<void> resolve_secret(GivenKeys& keys, const std::string& name) {
  const auto file = keys.find(name + "_file");
  if (file == keys.end()) return {};
  if (keys.contains(name)) return wrong(file->second.where, name, "given twice: inline and as a file");
  if (file->second.is_list) return wrong(file->second.where, name + "_file", "a string");
  auto content = content_of(file->second.values.front());
  if (!content) return wrong(file->second.where, file->second.name, fmt::format("{} cannot be read", file->second.values.front()));
  while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
  keys[name] = Given{.values = {std::move(*content)}, .is_list = false, .where = file->second.where, .name = file->second.name};
  return {};
}

// Each key of a site that the file names can be given as BELAY_DATACENTER_<NAME>_<KEY>.
Result<Configuration::DataCenter> read_site(GivenKeys& keys, const std::string& name, const Environment& environment) {
  const auto section = std::string(kDataCenter) + "." + name;
  const auto where = keys.at(section).where;
  Configuration::DataCenter site;
  site.name = name;
  for (const auto& field : kSiteFields) {
    const auto key = section + "." + std::string(field.key);
    if (is_secret(field.rule)) {
      if (environment(variable_of(key)) || environment(variable_of(key + "_file"))) keys.erase(key), keys.erase(key + "_file");
      read_variable(keys, key + "_file", false, environment);
    }
    read_variable(keys, key, false, environment);
    if (is_secret(field.rule)) BELAY_CHECK(resolve_secret(keys, key));
    const auto given = keys.find(key);
    if (given == keys.end()) {
      if (field.required) return wrong(where, key, fmt::format("missing; it can also be given as {}", variable_of(key)));
      continue;
    }
    BELAY_CHECK(check_rule(field.rule, given->second));
    site.*field.member = given->second.values.front();
  }
  if (site.client_id.empty() != site.client_secret.empty()) {
    return wrong(where, section, site.client_id.empty() ? "client_secret needs client_id too" : "client_id needs client_secret too");
  }
  return site;
}

Result<void> read_sites(Configuration& configuration, GivenKeys& keys, const Environment& environment) {
  std::vector<std::string> names;
  for (const auto& [key, given] : keys) {
    if (key.starts_with(std::string(kDataCenter) + ".") && std::ranges::count(key, '.') == 1) names.push_back(given.values.front());
  }
  for (const auto& name : names) {
    BELAY_TRY(site, read_site(keys, name, environment));
    const auto& where = keys.at(std::string(kDataCenter) + "." + name).where;
    for (const auto& other : configuration.datacenters) {
      if (other.base_url == site.base_url) return wrong(where, "datacenter." + name, fmt::format("base_url is that of datacenter.{} too", other.name));
    }
    configuration.datacenters.push_back(std::move(site));
  }
  if (!names.empty() && configuration.server.pages.empty()) return wrong(keys.at("datacenter." + names.front()).where, "server.pages", "missing; beside a Jira Data Center the server shows the pages itself");
  return {};
}

}  // namespace

Result<Configuration> read_configuration(const std::optional<std::filesystem::path>& file, const Environment& environment) {
  GivenKeys keys;
  if (file) {
    BELAY_TRY(from_file, read_file(*file));
    keys = std::move(from_file);
  }
  for (const auto& field : fields()) {
    const auto name = name_of(field);
    if (is_secret(field.rule)) {
      // Either way of giving it wins over both of the file's.
      if (environment(variable_of(name)) || environment(variable_of(name + "_file"))) keys.erase(name), keys.erase(name + "_file");
      read_variable(keys, name + "_file", false, environment);
    }
    read_variable(keys, name, is_list(field.rule), environment);
  }
  Configuration configuration;
  for (const auto& field : fields()) {
    if (is_secret(field.rule)) BELAY_CHECK(resolve_secret(keys, name_of(field)));
    const auto name = name_of(field);
    const auto given = keys.find(name);
    if (given == keys.end()) {
      if (field.required) return wrong(file ? file->string() : std::string("environment"), name, fmt::format("missing; it can also be given as {}", variable_of(name)));
      continue;
    }
    BELAY_CHECK(check_rule(field.rule, given->second));
    field.set(configuration, given->second);
  }
  BELAY_CHECK(check_listeners(keys, configuration));
  BELAY_CHECK(check_reports_registration(keys, configuration));
  BELAY_CHECK(read_sites(configuration, keys, environment));
  if (!configuration.serves_cloud() && configuration.datacenters.empty()) {
    return wrong(file ? file->string() : std::string("environment"), "forge.app_ids", fmt::format("missing; it can also be given as {}. Beside a Jira Data Center alone, name that as [datacenter.<name>]", variable_of("forge.app_ids")));
  }
  if (configuration.forge.jwks_cache.empty()) configuration.forge.jwks_cache = usual_key_file(configuration, environment).string();
  return configuration;
}

std::vector<std::string> unknown_variables(const std::vector<std::string>& names) {
  std::vector<std::string> unknown;
  std::ranges::copy_if(names, std::back_inserter(unknown), [](const std::string& name) {
    const bool like_one = std::ranges::any_of(fields(), [&](const Field& field) { return name.starts_with(variable_of(std::string(field.section)) + '_'); });
    // Which sites there are the file says.
    if (name.starts_with(variable_of(std::string(kDataCenter)) + '_')) return false;
    const bool is_one = std::ranges::any_of(fields(), [&](const Field& field) {
      const auto variable = variable_of(name_of(field));
      return name == variable || (is_secret(field.rule) && name == variable + "_FILE");
    });
    return like_one && !is_one;
  });
  return unknown;
}

}  // namespace belay::belayd
