#include "sandbox/teamviewer/answers.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "crypto/digest.hpp"

namespace belay::sandbox::teamviewer {
namespace {

// The documentation leaves the numbers open; these only have to be stable.
struct Code { std::string_view name; int code; };
constexpr std::array kCodes{
    Code{"invalid_request", 4001}, Code{"invalid_token", 4010}, Code{"token_expired", 4011}, Code{"wrong_credentials", 4012},
    Code{"invalid_permission", 4030}, Code{"blocked", 4031}, Code{"not_found", 4040}, Code{"invalid_client", 4203},
    Code{"rate_limit_reached", 4290}, Code{"internal_error", 5000},
};

net::Response json_answer(unsigned status, const json::object& body) {
  net::Response response{.status = status, .headers = {}, .body = boost::json::serialize(body)};
  response.headers.emplace("Content-Type", "application/json; charset=utf-8");
  return response;
}

}  // namespace

net::Response answer(const json::object& body) { return json_answer(200, body); }

net::Response no_content() { return {.status = 204, .headers = {}, .body = {}}; }

net::Response refuse(unsigned status, std::string_view name, std::string_view description) {
  const auto known = std::ranges::find(kCodes, name, &Code::name);
  return json_answer(status, {{"error", name},
                              {"error_description", description},
                              {"error_code", known == kCodes.end() ? 4000 : known->code},
                              {"error_signature", crypto::hex(crypto::random_bytes(6))}});
}

net::Response invalid_request(std::string_view description) { return refuse(400, "invalid_request", description); }

net::Response not_found() { return refuse(404, "not_found", "There is no object with this ID."); }

net::Response invalid_permission(std::string_view description) { return refuse(403, "invalid_permission", description); }

net::Response license_limitations(bool as_json_string) {
  static constexpr std::string_view kText = "The session could not be created because of license limitations.";
  net::Response response{.status = 400, .headers = {}, .body = as_json_string ? fmt::format("\"{}\"", kText) : std::string(kText)};
  response.headers.emplace("Content-Type", as_json_string ? "application/json; charset=utf-8" : "text/plain; charset=utf-8");
  return response;
}

std::optional<net::Response> refuse_other_parameters(const net::Request& request, std::initializer_list<std::string_view> allowed) {
  std::set<std::string_view> seen;
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(allowed, std::string_view(name)) == allowed.end()) {
      return invalid_request(fmt::format("The parameter {} is not supported.", name));
    }
    if (!seen.insert(name).second) return invalid_request(fmt::format("The parameter {} is repeated.", name));
  }
  return std::nullopt;
}

OrAnswer<std::optional<bool>> flag(const net::Request& request, std::string_view name) {
  const auto value = request.parameter(name);
  if (!value) return std::nullopt;
  if (*value == "true") return true;
  if (*value == "false") return false;
  return std::unexpected(invalid_request(fmt::format("The parameter {} is malformed.", name)));
}

OrAnswer<json::object> body_of(const net::Request& request) {
  const auto type = request.header("Content-Type");
  if (!type || (!type->starts_with("application/json") && !type->starts_with("text/json"))) {
    return std::unexpected(invalid_request("The body must be JSON."));
  }
  auto body = json::parse_object(request.body);
  if (!body) return std::unexpected(invalid_request("The body is not a JSON object."));
  // null is a value that no member takes; a reader would pass over it.
  for (const auto& member : *body) {
    if (member.value().is_null()) return std::unexpected(invalid_request(fmt::format("The parameter {} is malformed.", std::string_view(member.key()))));
  }
  return std::move(*body);
}

std::optional<net::Response> refuse_problem(const json::Reader& reader) {
  const auto done = reader.finish();
  if (done) return std::nullopt;
  const auto field = json::string_at(done.error().detail, "field").value_or("");
  if (done.error().code == "unknown_field") return invalid_request(fmt::format("The parameter {} is not supported.", field));
  return invalid_request(fmt::format("The parameter {} is malformed: {}.", field, json::string_at(done.error().detail, "rule").value_or("")));
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_id(std::string_view text, char prefix) {
  return text.size() > 1 && text.size() <= 20 && text.front() == prefix &&
         std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace belay::sandbox::teamviewer
