#include "teamviewer/refusals.hpp"

#include <algorithm>
#include <array>

#include "base/json.hpp"
#include "support/code_points.hpp"

namespace belay::teamviewer {
namespace {

constexpr std::size_t kMostWords = 300;
constexpr std::size_t kMostName = 64;

// They may repeat an address that was asked for, and which nobody here may read: what has an @ in it, written out or not, becomes "…".
std::string without_addresses(std::string_view line) {
  std::string plain;
  while (!line.empty()) {
    const auto word = line.substr(0, line.find(' '));
    const bool is_address = word.contains('@') || word.contains("%40");
    plain += is_address ? std::string_view("…") : word;
    line.remove_prefix(word.size());
    if (line.empty()) break;
    plain += ' ';
    line.remove_prefix(1);
  }
  return plain;
}

std::string shortened(std::string_view text) {
  const auto line = without_addresses(support::to_one_line(text.substr(0, kMostWords * 4)));
  std::string_view rest = line;
  std::size_t bytes = 0;
  for (std::size_t count = 0; count < kMostWords && bytes < line.size(); ++count) {
    const auto point = support::first_code_point(rest);
    bytes += point.bytes;
    rest.remove_prefix(point.bytes);
  }
  return std::string(support::trimmed(std::string_view(line).substr(0, bytes)));
}

Said read_object(const json::object& body) {
  Said said;
  // A word of theirs, as a rule; it is shown where there is nothing else, and then no more safe than the words.
  said.name = support::first_code_points(shortened(json::string_at(body, "error").value_or("")), kMostName);
  said.words = shortened(json::string_at(body, "error_description").value_or(""));
  if (const auto number = json::integer_at(body, "error_code")) said.reference = std::to_string(*number);
  if (const auto signature = json::string_at(body, "error_signature")) said.reference += ' ' + shortened(*signature);
  return said;
}

bool contains_ignoring_case(std::string_view text, std::string_view part) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return !std::ranges::search(text, part, {}, lower, lower).empty();
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) { return std::ranges::find(names, name) != names.end(); }

std::string cause_of(unsigned status, const Said& said) {
  auto cause = std::to_string(status);
  for (const auto* part : {&said.name, &said.reference}) {
    if (!part->empty()) cause += ' ' + *part;
  }
  return cause;
}

}  // namespace

Said read_said(std::string_view body) {
  const auto parsed = json::parse_or_null(body);
  if (const auto* object = parsed.if_object()) return read_object(*object);
  if (const auto* text = parsed.if_string()) return {.name = {}, .words = shortened(*text), .reference = {}};
  const bool is_page = support::trimmed(body).starts_with('<');
  return {.name = {}, .words = is_page ? std::string{} : shortened(body), .reference = {}};
}

Refusal judge(unsigned status, const Said& said) {
  const auto& name = said.name;
  if (name == "token_expired") return Refusal::token;
  if (name == "invalid_client") return Refusal::client;
  if (name == "invalid_permission") return Refusal::permission;
  if (name == "blocked") return Refusal::blocked;
  if (is_one_of(name, {"rate_limit_reached", "too_many_retries"})) return Refusal::rate_limited;
  if (name == "not_found") return Refusal::not_found;
  if (name == "internal_error") return Refusal::trouble;
  if (status < 500 && contains_ignoring_case(said.words, "license limitations")) return Refusal::licence_limit;
  // No name that decides: the status does. A 400 is never an expired token, the licence refusal is one too.
  if (status == 401) return Refusal::token;
  if (status == 403) return Refusal::permission;
  if (status == 404) return Refusal::not_found;
  if (status == 429) return Refusal::rate_limited;
  if (status >= 500) return Refusal::trouble;
  return Refusal::other;
}

Refusal judge_at_token_endpoint(unsigned status, const Said& said) {
  // The credentials shown there are the registration's: a wrong secret must not cost anybody their link.
  if (said.name == "wrong_credentials") return Refusal::client;
  const auto refusal = judge(status, said);
  if (refusal == Refusal::not_found) return Refusal::other;  // a wrong address, say: no reason to give up a link
  if (refusal != Refusal::other || status != 400) return refusal;
  // Which name a spent code or refresh token gets is not documented; RFC 6749 says invalid_grant.
  return is_one_of(said.name, {"invalid_request", "invalid_grant", "invalid_token"}) ? Refusal::token : refusal;
}

Error error_of(Refusal refusal, unsigned status, const Said& said, bool may_be_done) {
  Error error{.code = {}, .cause = cause_of(status, said), .detail = {{"provider", kProvider}}, .retryable = false, .retry_after = {}};
  switch (refusal) {
    case Refusal::token: error.code = "link_expired"; break;
    case Refusal::permission: error.code = "provider_permission"; break;
    case Refusal::blocked: error.code = "provider_blocked"; break;
    case Refusal::licence_limit: error.code = "licence_limit_reached"; break;
    case Refusal::not_found: error.code = "not_found"; break;
    case Refusal::rate_limited:
      error.code = "provider_rate_limited";
      error.retryable = true;
      break;
    case Refusal::trouble: return unreachable(error.cause, may_be_done);
    case Refusal::client:
    case Refusal::other:
      error.code = "provider_refused";
      error.detail["said"] = !said.words.empty() ? said.words : !said.name.empty() ? said.name : "HTTP " + std::to_string(status);
      break;
  }
  return error;
}

bool tells_of_invitation(const Error& error) {
  const auto said = json::string_at(error.detail, "said").value_or("");
  return error.code == "provider_refused" && (contains_ignoring_case(said, "invitation was sent") || contains_ignoring_case(said, "invitation has been sent"));
}

Error unreachable(std::string cause, bool maybe_done) {
  json::object detail{{"provider", kProvider}};
  if (maybe_done) detail["maybe_done"] = true;
  return {.code = "provider_unreachable", .cause = std::move(cause), .detail = std::move(detail), .retryable = true, .retry_after = {}};
}

}  // namespace belay::teamviewer
