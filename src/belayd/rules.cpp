#include "belayd/rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <ranges>

#include <fmt/format.h>

#include "belayd/web_address.hpp"
#include "crypto/seal.hpp"
#include "net/message.hpp"
#include "net/trusted_proxies.hpp"
#include "storage/storage.hpp"
#include "support/code_points.hpp"

namespace belay::belayd {
namespace {

using Fault = std::optional<std::string>;

constexpr std::size_t kMostCount = 100'000;
constexpr std::size_t kLongestGroup = 100;   // characters, as for the admin's setting (support/settings.cpp)

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

// ---- lists ----

// As tokens write it, byte for byte: "ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107".
bool is_app_id(std::string_view id) {
  constexpr std::string_view prefix = "ari:cloud:ecosystem::app/";
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto fits = [](char c, char wanted) { return wanted == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return id.starts_with(prefix) && std::ranges::equal(id.substr(prefix.size()), shape, fits);
}

Fault fault_of_app_ids(const std::vector<std::string>& ids) {
  if (ids.empty()) return "not empty";
  for (const auto& id : ids) {
    if (!is_app_id(id)) return fmt::format("'{}' is not like ari:cloud:ecosystem::app/8db33809-1f32-48bb-8c52-5877dab48107, in small letters", id);
  }
  return std::nullopt;
}

Fault fault_of_environments(const std::vector<std::string>& environments) {
  constexpr std::array known{"PRODUCTION", "STAGING", "DEVELOPMENT"};
  if (environments.empty()) return "not empty";
  for (const auto& environment : environments) {
    if (std::ranges::find(known, environment) == known.end()) return fmt::format("'{}' is not PRODUCTION, STAGING or DEVELOPMENT", environment);
  }
  return std::nullopt;
}

std::string with_scheme(const std::string& host) { return host.find("://") == std::string::npos ? "https://" + host : host; }

Fault fault_of_api_hosts(const std::vector<std::string>& hosts) {
  if (hosts.empty()) return "not empty";
  for (const auto& host : hosts) {
    if (auto fault = fault_of_url(with_scheme(host), Shape::origin)) return fault;
  }
  return std::nullopt;
}

// ---- the database ----

// "host", "host:5432", "[::1]:5432"; empty stands for the default, and %2F begins the folder of a socket.
Fault fault_of_database_host(std::string_view text) {
  const auto bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return "a host, or hosts separated by commas; an address with colons stands in brackets";
  const auto colon = text.find(':', bracket);
  const auto host = text.substr(0, colon);
  if (!host.empty() && !host.starts_with('%') && !is_host(host)) return "a host, or hosts separated by commas; characters such as @ and / in a password are written %40 and %2F";
  if (colon != std::string_view::npos && colon + 1 != text.size() && port_of(text.substr(colon + 1)).value_or(0) == 0) return "a port from 1 to 65535";
  return std::nullopt;
}

// postgresql://[user[:password]@][host[:port][,…]][/database][?name=value[&…]] (PostgreSQL manual, 34.1.1.2), read as libpq reads it.
Fault fault_of_postgresql(std::string_view rest) {
  if (rest.contains(' ') || has_control_character(rest)) return "an address without spaces; a space is written %20";
  if (!net::percent_decode(rest)) return "% begins a character that is written as two hexadecimal digits";
  auto hosts = rest.substr(0, rest.find_first_of("/?"));
  if (const auto at = hosts.find('@'); at != std::string_view::npos) hosts.remove_prefix(at + 1);
  for (const auto part : std::views::split(hosts, ',')) {
    if (auto fault = fault_of_database_host(std::string_view(part.begin(), part.end()))) return fault;
  }
  const auto question = rest.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  for (const auto part : std::views::split(rest.substr(question + 1), '&')) {
    if (std::ranges::count(part, '=') != 1) return "name=value, separated by &, after the question mark";
  }
  return std::nullopt;
}

Fault fault_of_storage(std::string_view text) {
  constexpr std::string_view postgresql = "postgresql://";
  constexpr std::string_view sqlite = "sqlite:";
  if (text.starts_with(postgresql)) return fault_of_postgresql(text.substr(postgresql.size()));
  if (text.starts_with(sqlite)) {
    if (storage::is_sqlite_path(text.substr(sqlite.size()))) return std::nullopt;
    return "sqlite: and the path of a file, without quotes, spaces, ';' and '='";
  }
  return "sqlite:<file> or postgresql://…";
}

// ---- files and secrets ----

Fault fault_of_path(const std::string& text) {
  std::error_code unknown;   // what cannot be looked at is for its user to complain about
  if (has_control_character(text)) return "a path in one line";
  if (std::filesystem::is_directory(text, unknown)) return fmt::format("{} is a folder", text);
  return std::nullopt;
}

// Read now: of a file that is missing, calls would say no more than that nobody answers.
Fault fault_of_certificates(const std::string& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("-----BEGIN CERTIFICATE-----")) return std::nullopt;
  }
  return fmt::format("a file of certificates (PEM), and {} cannot be read as one", path);
}

Fault fault_of_keys(const std::string& text) {
  if (support::trimmed(text).empty()) return "not empty";
  const auto sealer = crypto::Sealer::from_key_file(text);
  if (sealer) return std::nullopt;
  return fmt::format("one base64 key of 32 bytes a line; of the keys, {}", sealer.error().cause);
}

Fault fault_of_client_id(const std::string& text) {
  if (text.empty()) return "not empty";
  if (text.contains(' ') || has_control_character(text)) return "one word";
  return std::nullopt;
}

Fault fault_of_client_secret(const std::string& text) {
  if (support::trimmed(text).empty()) return "not empty";
  if (has_control_character(text)) return "one line";
  return std::nullopt;
}

Fault fault_of_group(const std::string& text) {
  if (support::trimmed(text).empty()) return "not empty";
  if (support::to_one_line(text) != text) return "one line";
  if (support::count_code_points(text) > kLongestGroup) return fmt::format("at most {} characters", kLongestGroup);
  return std::nullopt;
}

Fault fault_of_listen_address(const std::string& text) {
  if (listen_address(text)) return std::nullopt;
  return fmt::format("'{}' is not an address in numbers and a port, such as 127.0.0.1:8080 or [::1]:8080", text);
}

Fault fault_of_level(const std::string& text) {
  constexpr std::array levels{"debug", "info", "warning", "error"};
  if (std::ranges::find(levels, text) != levels.end()) return std::nullopt;
  return "debug, info, warning or error";
}

Fault unless(bool kept, std::string_view rule) { return kept ? Fault{} : Fault{rule}; }

}  // namespace

bool is_list(Rule rule) { return rule == Rule::app_ids || rule == Rule::environments || rule == Rule::api_hosts || rule == Rule::proxies; }

bool is_secret(Rule rule) { return rule == Rule::keys || rule == Rule::client_secret || rule == Rule::other_client_secret || rule == Rule::storage_url; }

std::optional<std::size_t> count_of(std::string_view text) {
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size() || count == 0 || count > kMostCount) return std::nullopt;
  return count;
}

std::string api_origin(const std::string& host) { return normal_origin(with_scheme(host)); }

std::optional<std::string> fault_of(Rule rule, const std::vector<std::string>& values) {
  switch (rule) {
    case Rule::app_ids: return fault_of_app_ids(values);
    case Rule::environments: return fault_of_environments(values);
    case Rule::api_hosts: return fault_of_api_hosts(values);
    case Rule::proxies: return unless(net::TrustedProxies::read(values).has_value(), "a list of addresses and networks, such as 10.0.0.0/8");
    default: break;
  }
  const auto& text = values.front();
  switch (rule) {
    case Rule::listen_address: return fault_of_listen_address(text);
    case Rule::origin: return fault_of_url(text, Shape::origin);
    case Rule::base_url: return fault_of_url(text, Shape::base);
    case Rule::url: return fault_of_url(text, Shape::whole);
    case Rule::storage_url: return fault_of_storage(text);
    case Rule::bus_url: return unless(text == "inproc:", "inproc:");
    case Rule::path: return fault_of_path(text);
    case Rule::folder: return unless(!text.empty() && !has_control_character(text), "the path of a folder");
    case Rule::certificates: return fault_of_certificates(text);
    case Rule::keys: return fault_of_keys(text);
    case Rule::client_id: return fault_of_client_id(text);
    case Rule::client_secret: return fault_of_client_secret(text);
    case Rule::other_client_id: return text.empty() ? Fault{} : fault_of_client_id(text);
    case Rule::other_client_secret: return text.empty() ? Fault{} : fault_of_client_secret(text);
    case Rule::group: return fault_of_group(text);
    case Rule::count: return unless(count_of(text).has_value(), "a whole number from 1 to 100000");
    case Rule::log_level: return fault_of_level(text);
    default: return std::nullopt;
  }
}

}  // namespace belay::belayd
