#include "jira/rest.hpp"

#include <boost/json/serialize.hpp>

#include "jira/shown_text.hpp"

namespace belay::jira {
namespace {

constexpr std::size_t kMaxWordBytes = 300;

// Data Center counts all calls of one user together (Atlassian's page "Improving instance stability with rate limiting").
std::string counted_with(const RestCall& rest_call, CountedBy counted) {
  if (counted == CountedBy::endpoint) return rest_call.method + ' ' + rest_call.name;
  if (const auto* user = std::get_if<ports::AsUser>(&rest_call.actor)) return "user " + user->account.value;
  return std::holds_alternative<ports::AsApp>(rest_call.actor) ? "app" : "somebody who signs in";
}

Limited limited(const RestCall& rest_call, CountedBy counted) {
  return {.installation = rest_call.call.installation, .endpoint = counted_with(rest_call, counted), .written_issue = rest_call.written_issue};
}

// Who asks, so that nobody gets an answer that was made for another's rights.
std::string flight_key(const RestCall& rest_call) {
  // Whose a token is that somebody brought, its answer alone says: it is shared with nobody.
  if (rest_call.writes || std::holds_alternative<ports::WithToken>(rest_call.actor)) return {};
  const auto* user = std::get_if<ports::AsUser>(&rest_call.actor);
  auto key = "jira " + rest_call.call.installation.value + ' ' + (user == nullptr ? std::string("app") : "user " + user->account.value);
  key += ' ' + rest_call.method + ' ' + rest_call.path;
  if (rest_call.body) key += ' ' + boost::json::serialize(*rest_call.body);
  return key;
}

// "https://api.atlassian.com" of "https://api.atlassian.com/ex/jira/<cloudId>", which was held against the pinned hosts when the site was paired.
std::string host_of(const std::string& base_url) {
  const auto begin = base_url.find("://");
  return base_url.substr(0, base_url.find('/', begin == std::string::npos ? 0 : begin + 3));
}

net::OutboundRequest outbound(const RestCall& rest_call, const Access& access) {
  net::OutboundRequest request;
  request.method = rest_call.method;
  request.url = (rest_call.of_the_host ? host_of(access.base_url) : access.base_url) + rest_call.path;
  request.headers.emplace("Authorization", "Bearer " + access.token);
  request.headers.emplace("Accept", "application/json");
  if (rest_call.experimental) request.headers.emplace("X-ExperimentalApi", "opt-in");
  if (rest_call.body) {
    request.headers.emplace("Content-Type", "application/json");
    request.body = boost::json::serialize(*rest_call.body);
  }
  request.deadline = rest_call.call.deadline;
  request.max_answer = rest_call.max_answer;
  request.idempotent = rest_call.idempotent;
  request.retry_rate_limited = false;  // the pause is remembered here and holds for other calls too
  request.single_flight_key = flight_key(rest_call);
  request.trace_id = rest_call.call.trace_id;
  request.name = rest_call.name;
  return request;
}

std::unexpected<Error> unreachable(const RestCall& rest_call, std::string cause, bool maybe_sent) {
  json::object detail;
  if (rest_call.writes && maybe_sent) detail["maybe_done"] = true;
  return fail_for_now("jira_unreachable", std::move(cause), std::nullopt, std::move(detail));
}

std::string cut(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  text.resize(most);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.pop_back();
  return text;
}

}  // namespace

std::string words_of(std::string_view body) {
  const auto parsed = json::parse_or_null(body);
  const auto* object = parsed.if_object();
  if (object == nullptr) return {};
  std::string words;
  const auto add = [&](const json::value& text) {
    if (!text.is_string() || text.get_string().empty()) return;
    if (!words.empty()) words += ' ';
    words += std::string_view(text.get_string());
  };
  if (const auto* messages = json::array_at(*object, "errorMessages")) {
    for (const auto& message : *messages) add(message);
  }
  if (const auto* errors = json::object_at(*object, "errors")) {
    for (const auto& error : *errors) add(error.value());
  }
  if (words.empty()) words = json::string_at(*object, "message").value_or("");
  return cut(without_control_characters(words), kMaxWordBytes);
}

Task<Result<json::value>> Rest::send(RestCall rest_call) {
  if (const auto wait = pauses_.left(limited(rest_call, counted_), clock_.now())) {
    co_return fail_for_now("jira_rate_limited", "Jira asked for a pause before", *wait);
  }
  BELAY_CO_TRY(access, co_await access_.of(rest_call.call, rest_call.actor));
  auto answer = co_await client_.send(outbound(rest_call, access));
  if (answer && answer->status == 401) {
    // Nothing was done. Once more where there is another token.
    BELAY_CO_TRY(another, co_await access_.another(rest_call.call, rest_call.actor, access));
    access = std::move(another);
    answer = co_await client_.send(outbound(rest_call, access));
  }
  co_return read(rest_call, access, answer);
}

Task<Result<net::OutboundResponse>> Rest::ask(RestCall rest_call) {
  if (const auto wait = pauses_.left(limited(rest_call, counted_), clock_.now())) co_return fail_for_now("jira_rate_limited", "Jira asked for a pause before", *wait);
  BELAY_CO_TRY(access, co_await access_.of(rest_call.call, rest_call.actor));
  auto answer = co_await client_.send(outbound(rest_call, access));
  if (!answer) co_return unreachable(rest_call, answer.error().code, answer.error().code != "unreachable");
  const auto cause = rest_call.name + ": status " + std::to_string(answer->status);
  if (answer->status == 429) co_return fail_for_now("jira_rate_limited", cause, pauses_.remember(limited(rest_call, counted_), *answer, clock_.now()));
  if (answer->status >= 500) co_return unreachable(rest_call, cause, true);
  co_return std::move(*answer);
}

Result<json::value> Rest::read(const RestCall& rest_call, const Access& access, const Result<net::OutboundResponse>& answer) {
  if (!answer) return unreachable(rest_call, answer.error().code, answer.error().code != "unreachable");
  const auto status = answer->status;
  if (status >= 200 && status < 300) {
    if (answer->body.empty()) return json::value{};
    auto body = json::parse(answer->body, rest_call.reading);
    if (!body) return unreachable(rest_call, "an answer that is no JSON", true);
    return std::move(*body);
  }
  const auto cause = rest_call.name + ": status " + std::to_string(status);
  // To a page for signing in, or to where this Jira stands by now. A token does not go along; an operator can mend it.
  if (status >= 300 && status < 400) return unreachable(rest_call, cause + ", which leads elsewhere", true);
  if (status == 401) return fail_for_now("jira_token_missing", cause);
  if (status == 403) {
    return access.settling ? fail_for_now("jira_forbidden", cause) : fail("jira_forbidden", cause);
  }
  if (status == 404) return fail("not_found", cause);
  if (status == 429) return fail_for_now("jira_rate_limited", cause, pauses_.remember(limited(rest_call, counted_), *answer, clock_.now()));
  if (status >= 500) return unreachable(rest_call, cause, true);
  return fail("jira_refused", cause, {{"status", status}, {"said", words_of(answer->body)}});
}

}  // namespace belay::jira
