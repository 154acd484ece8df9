#include "gateway/problem.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <boost/json/serialize.hpp>

#include "base/log.hpp"
#include "desk/session_view.hpp"
#include "gateway/html.hpp"

namespace belay::gateway {
namespace {

struct Known {
  std::string_view code;
  unsigned status;
  bool always_says_when = false;   // retryAfter is always there
};

// Sorted by code: found by halving.
constexpr std::array kCodes{
    Known{"address_not_shared", 409},
    Known{"address_not_usable", 409},
    Known{"address_of_app", 409},
    Known{"already_linked", 409},
    Known{"already_paired", 409},
    Known{"asked_too_often", 409, true},
    Known{"asking_off", 403},
    Known{"body_too_large", 413},
    Known{"contact_gone", 409},
    Known{"customer_text_invalid", 400},
    Known{"environment_not_allowed", 403},
    Known{"forbidden", 403},
    Known{"grant_expired", 410},
    Known{"grant_not_yours", 403},
    Known{"headers_too_large", 431},
    Known{"idempotency_conflict", 409},
    Known{"internal_error", 500},
    Known{"invalid_field", 400},
    Known{"invalid_invocation_token", 401},
    Known{"invalid_json", 400},
    Known{"invalid_request", 400},
    Known{"invalid_state", 409},
    Known{"invited_recently", 409, true},
    Known{"jira_forbidden", 403},
    Known{"jira_rate_limited", 503, true},
    Known{"jira_refused", 502},
    Known{"jira_refused_comment", 502},
    Known{"jira_token_missing", 503},
    Known{"jira_unreachable", 502},
    Known{"licence_limit_reached", 409},
    Known{"licence_not_eligible", 403},
    Known{"link_ending", 409, true},
    Known{"link_expired", 403},
    Known{"method_not_allowed", 405},
    Known{"mode_not_supported", 409},
    Known{"not_found", 404},
    Known{"not_linked", 403},
    Known{"not_paired", 403},
    Known{"not_reachable", 409},
    Known{"not_set_aside", 409},
    Known{"notes_changed", 409},
    Known{"oauth_state_invalid", 400},
    Known{"overloaded", 503, true},
    Known{"pairing_attempts_exceeded", 429, true},
    Known{"pairing_code_expired", 403},
    Known{"pairing_code_invalid", 403},
    Known{"project_off", 403},
    Known{"provider_blocked", 502},
    Known{"provider_permission", 403},
    Known{"provider_rate_limited", 503, true},
    Known{"provider_refused", 502},
    Known{"provider_unreachable", 502},
    Known{"reports_already_allowed", 409},
    Known{"reports_not_available", 409},
    Known{"reports_other_account", 409},
    Known{"request_timeout", 408},
    Known{"resend_too_early", 409, true},
    Known{"settings_changed", 409},
    Known{"sign_in_refused", 403},
    Known{"sign_in_typed", 409},
    Known{"signed_out", 403},
    Known{"storage_unavailable", 503},
    Known{"unknown_field", 400},
    Known{"unpairing", 409, true},
    Known{"unsupported_media_type", 415},
    Known{"webhook_refused", 403},
};
static_assert(std::ranges::is_sorted(kCodes, {}, &Known::code));

constexpr std::chrono::seconds kUsualWait{5};

const Known* find(std::string_view code) {
  const auto found = std::ranges::lower_bound(kCodes, code, {}, &Known::code);
  return found != kCodes.end() && found->code == code ? &*found : nullptr;
}

// ---- invalid_field: what its rule says, with its figures, in the words of the pages (web/src/ui/field-words.ts) ----

std::string listed(const json::array& items) {
  std::string list;
  for (const auto& item : items) {
    if (!list.empty()) list += ", ";
    list += item.get_string();
  }
  return list;
}

json::array quoted(const json::array& names, std::string_view language, const Catalogue& words) {
  json::array marked;
  for (const auto& name : names) marked.emplace_back(words.text(language, "common.quoted", {{"text", name}}));
  return marked;
}

std::string rule_words(json::object detail, std::string_view language, const Catalogue& words) {
  auto key = "rule." + json::string_at(detail, "rule").value_or("other");
  if (const auto* choices = json::array_at(detail, "choices")) {
    detail["choices"] = listed(*choices);
    if (const auto with_choices = key + ".listed"; words.has("en", with_choices)) key = with_choices;   // who reads this has no entries before them
  }
  if (const auto* names = json::array_at(detail, "names")) {
    key += names->size() == 1 ? ".one" : ".other";
    detail["names"] = listed(quoted(*names, language, words));
  }
  return words.text(language, key, detail);
}

std::string sentence_of(const Error& error, std::string_view language, const Catalogue& words) {
  auto detail = error.detail;
  if (error.code == "invalid_field") detail["rule"] = rule_words(detail, language, words);
  return words.text(language, "error." + error.code, detail);
}

}  // namespace

unsigned status_of(std::string_view code) {
  const auto* known = find(code);
  return known != nullptr ? known->status : 500;
}

net::Response json_answer(unsigned status, std::string text) {
  net::Response response;
  response.status = status;
  response.headers.emplace("Content-Type", "application/json");
  response.body = std::move(text);
  return response;
}

net::Response json_answer(unsigned status, const json::object& body) { return json_answer(status, boost::json::serialize(body)); }

net::Response problem_answer(const Error& error, const Catalogue& words) {
  const auto* known = find(error.code);
  auto shown = error;
  if (known == nullptr) {
    log::error("unlisted_error", log::fields_of(error));
    shown = Error{.code = "internal_error", .cause = {}, .detail = {}, .retryable = false, .retry_after = {}};
  } else if (known->always_says_when && !shown.retry_after) {
    shown.retry_after = kUsualWait;
  }
  auto view = desk::error_view(shown, words);
  if (shown.code == "invalid_field") view["message"] = sentence_of(shown, "en", words);
  auto response = json_answer(known != nullptr ? known->status : 500, view);
  if (shown.retry_after) response.headers.emplace("Retry-After", std::to_string(std::chrono::ceil<std::chrono::seconds>(*shown.retry_after).count()));
  return response;
}

net::Response server_refusal(std::string_view reason, const net::ServerLimits& limits, const Catalogue& words) {
  Error error{.code = "invalid_request", .cause = std::string(reason), .detail = {}, .retryable = false, .retry_after = {}};
  if (reason == "too_large") {
    error.code = "body_too_large";
    error.detail["limit"] = limits.max_body;
  } else if (reason == "header_too_large") {
    error.code = "headers_too_large";
    error.detail["limit"] = limits.max_header;
  } else if (reason == "timeout") {
    error.code = "request_timeout";
  } else if (reason == "internal_error") {
    error.code = "internal_error";
  }
  return problem_answer(error, words);
}

std::string rule_sentence(const Error& error, std::string_view language, const Catalogue& words) {
  auto key = "automation.error." + error.code;
  if (const auto reason = json::string_at(error.detail, "reason")) key += '.' + *reason;
  if (const auto of_agent = key + ".of_agent"; error.detail.contains("agent") && words.has("en", of_agent)) key = of_agent;
  return words.has("en", key) ? words.text(language, key, error.detail) : sentence_of(error, language, words);
}

net::Response problem_page(const Error& error, std::string_view accept_language, const Catalogue& words) {
  const auto language = words.match(accept_language.substr(0, accept_language.find_first_of(",;")), "en");
  const auto sentence = sentence_of(error, language, words);
  net::Response response;
  response.status = status_of(error.code);
  response.headers.emplace("Content-Type", "text/html; charset=utf-8");
  response.headers.emplace("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.body = "<!doctype html><html lang=\"" + language + "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Belay</title><main><h1>Belay</h1><p>" +
                  escaped(sentence) + "</p></main></html>";
  return response;
}

void add_safety_headers(net::Response& response, bool secure) {
  response.headers.emplace("X-Content-Type-Options", "nosniff");
  if (!response.headers.contains("Cache-Control")) response.headers.emplace("Cache-Control", "no-store");
  if (!response.headers.contains("Referrer-Policy")) response.headers.emplace("Referrer-Policy", "no-referrer");
  if (secure) response.headers.emplace("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace belay::gateway
