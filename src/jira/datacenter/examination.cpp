#include "jira/datacenter/examination.hpp"

#include "base/json.hpp"

namespace belay::jira::datacenter {
namespace {

net::OutboundRequest request(std::string url, std::string name) {
  net::OutboundRequest asked;
  asked.url = std::move(url);
  asked.headers.emplace("Accept", "application/json");
  asked.idempotent = true;
  asked.retry_rate_limited = false;
  asked.max_answer = 64 * 1024;
  asked.name = std::move(name);
  return asked;
}

std::optional<json::object> object_of(const net::OutboundResponse& answer, unsigned wanted) {
  if (answer.status != wanted) return std::nullopt;
  auto object = json::parse_object(answer.body);
  return object ? std::optional(std::move(*object)) : std::nullopt;
}

// `versionNumbers` of serverInfo, [9, 12, 4].
std::optional<Version> version_of(const json::object& info) {
  const auto* numbers = json::array_at(info, "versionNumbers");
  if (numbers == nullptr || numbers->size() < 2 || !numbers->at(0).is_int64() || !numbers->at(1).is_int64()) return std::nullopt;
  return Version{.major = static_cast<int>(numbers->at(0).get_int64()), .minor = static_cast<int>(numbers->at(1).get_int64())};
}

}  // namespace

Task<Examined> Examination::look() {
  Examined found;
  if (!co_await look_at_server(found)) co_return found;
  found.service_account = co_await service_account();
  if (!site_.client_id.empty()) found.client_accepted = co_await client_accepted();
  co_return found;
}

Task<bool> Examination::look_at_server(Examined& found) {
  const auto answer = co_await client_.send(request(site_.base_url + "/rest/api/2/serverInfo", "jira.server_info"));
  if (!answer) {
    found.unreachable = answer.error().cause.empty() ? answer.error().code : answer.error().cause;
    co_return false;
  }
  found.status = answer->status;
  if (answer->status >= 300 && answer->status < 400) found.leads_to = std::string(answer->header("Location").value_or("somewhere else"));
  const auto info = object_of(*answer, 200);
  if (!info) co_return false;
  found.version = version_of(*info);
  found.base_url = json::string_at(*info, "baseUrl").value_or("");
  while (found.base_url.ends_with('/')) found.base_url.pop_back();
  co_return found.version.has_value();
}

Task<std::string> Examination::service_account() {
  auto asked = request(site_.base_url + "/rest/api/2/myself", "jira.myself");
  asked.headers.emplace("Authorization", "Bearer " + site_.service_token);
  const auto answer = co_await client_.send(std::move(asked));
  const auto person = answer ? object_of(*answer, 200) : std::nullopt;
  if (!person) co_return std::string();
  co_return json::string_at(*person, "displayName").value_or(json::string_at(*person, "name").value_or("somebody without a name"));
}

// With a code that there is none of: a client that is known is told about the code alone (RFC 6749, section 5.2).
Task<bool> Examination::client_accepted() {
  auto asked = request(site_.base_url + "/rest/oauth2/latest/token", "jira.exchange_code");
  asked.method = "POST";
  asked.headers.emplace("Content-Type", "application/x-www-form-urlencoded");
  asked.body = net::form_encode({{"grant_type", "authorization_code"}, {"code", "belay-doctor"}, {"client_id", site_.client_id}, {"client_secret", site_.client_secret}, {"redirect_uri", site_.base_url}});
  const auto answer = co_await client_.send(std::move(asked));
  const auto said = answer ? object_of(*answer, 400) : std::nullopt;
  co_return said && json::string_at(*said, "error").value_or("") == "invalid_grant";
}

}  // namespace belay::jira::datacenter
