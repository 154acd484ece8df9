#include "sandbox/server/recording.hpp"

#include <algorithm>
#include <array>

#include <boost/json/serialize.hpp>

#include "base/time.hpp"
#include "sandbox/clock.hpp"

namespace belay::sandbox {
namespace {

// Old lines go when there is more.
constexpr std::size_t kMostBytes = 64 * 1024 * 1024;
constexpr std::array<std::string_view, 8> kSecrets{"access_token", "refresh_token", "client_secret", "code_verifier", "fit", "userToken", "systemToken", "rawToken"};
constexpr std::array<std::string_view, 2> kSecretLinks{"supporter_link", "webclient_supporter_link"};

std::int64_t microseconds(std::chrono::steady_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

bool among(auto const& names, std::string_view name) { return std::ranges::find(names, name) != names.end(); }

void replace_secrets(json::value& value) {
  if (auto* object = value.if_object()) {
    for (auto& [name, member] : *object) {
      if (among(kSecrets, name) && member.is_string()) member = "redacted";
      else if (among(kSecretLinks, name) && member.is_string()) member = "https://redacted.example/";
      else replace_secrets(member);
    }
  } else if (auto* array = value.if_array()) {
    for (auto& item : *array) replace_secrets(item);
  }
}

}  // namespace

std::string without_secrets(std::string_view content_type, std::string_view body) {
  if (content_type.starts_with("application/x-www-form-urlencoded")) {
    auto fields = net::form_decode(body);
    if (!fields) return "unreadable form";
    for (auto& [name, value] : *fields) {
      // The authorization code is a secret of this form alone; elsewhere "code" is a session code.
      if (name == "code" || among(kSecrets, name)) value = "redacted";
    }
    return net::form_encode(*fields);
  }
  auto parsed = json::parse(body);
  if (!parsed) return std::string(body.substr(0, 4096));
  replace_secrets(*parsed);
  return boost::json::serialize(*parsed);
}

void Recording::write(std::string_view party, std::string_view path, Span span, const net::Request& request, const net::Response& answer) {
  json::array query;
  for (const auto& [name, value] : request.query) query.push_back(json::array{name, value});
  const auto content_type = request.header("content-type").value_or("");
  const auto authorization = request.header("authorization");
  const auto answer_type = answer.headers.find("Content-Type");
  json::object line{{"seq", next_},
                    {"time", to_iso8601(clock_.now())},
                    {"arrivedUs", microseconds(span.arrived)},
                    {"answeredUs", microseconds(span.answered)},
                    {"party", party},
                    {"method", request.method},
                    {"path", path},
                    {"query", std::move(query)},
                    {"contentType", content_type},
                    {"authorization", authorization.has_value()},
                    {"bearer", authorization && authorization->starts_with("Bearer ")},
                    {"trace", request.header("x-b3-traceid").value_or("")},
                    {"body", request.body.empty() ? std::string{} : without_secrets(content_type, request.body)},
                    {"status", answer.status},
                    {"answerType", answer_type == answer.headers.end() ? std::string{} : answer_type->second},
                    {"answer", answer.body.empty() ? std::string{} : without_secrets("", answer.body)}};
  lines_.emplace_back(next_++, boost::json::serialize(line));
  bytes_ += lines_.back().second.size();
  while (bytes_ > kMostBytes) {
    bytes_ -= lines_.front().second.size();
    lines_.pop_front();
  }
}

std::string Recording::lines(std::int64_t after) const {
  std::string text;
  for (const auto& [sequence, line] : lines_) {
    if (sequence <= after) continue;
    text += line;
    text += '\n';
  }
  return text;
}

}  // namespace belay::sandbox
