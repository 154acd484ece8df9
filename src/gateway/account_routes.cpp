#include "gateway/cookies.hpp"
#include "gateway/gateway.hpp"
#include "gateway/parameters.hpp"

namespace belay::gateway {
namespace {

using desk::Account;

constexpr std::size_t kDescriptionLimit = 1024;   // looked through for a word, never shown

// Ties the browser that began to the one that comes back: the state alone could be carried to another browser. One cookie for each
// state, so that two tabs do not disturb each other.
std::string cookie_name(std::string_view state) { return "belay_link_" + std::string(state.substr(0, 12)); }

// The token of a parked grant, when the query names one.
Result<std::optional<std::string>> grant_in_query(const RouteCall& call) {
  const auto given = call.request.parameter("grant");
  if (!given) return std::nullopt;
  if (!is_token(*given)) return refuse_field("grant", FieldRule::token, token_figures());
  return std::string(*given);
}

Task<Result<Answer>> show(Account& account, RouteCall call) {
  BELAY_CO_TRY(grant, grant_in_query(call));
  BELAY_CO_TRY(body, co_await account.show(std::move(call.caller), std::move(grant)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> start(Account& account, RouteCall call) {
  static constexpr std::string_view kAccess[] = {"account", "reports"};
  json::Reader reader{call.body};
  const auto access = reader.optional_choice("access", kAccess);
  BELAY_CO_CHECK(reader.finish());
  const auto registration = access == "reports" ? ports::Registration::reports : ports::Registration::base;
  BELAY_CO_TRY(url, co_await account.start(std::move(call.caller), registration));
  co_return plain({{"url", url}});
}

Task<Result<Answer>> finish(Account& account, RouteCall call) {
  json::Reader reader{call.body};
  auto token = reader.required_string("token", kTokenMost);
  if (!token.empty() && !is_token(token)) reader.refuse("token", FieldRule::token, token_figures());
  BELAY_CO_CHECK(reader.finish());
  BELAY_CO_TRY(body, co_await account.finish(std::move(call.caller), std::move(token)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> look_again(Account& account, RouteCall call) {
  BELAY_CO_CHECK(json::Reader{call.body}.finish());
  BELAY_CO_TRY(body, co_await account.look_again(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> disconnect(Account& account, RouteCall call) {
  BELAY_CO_TRY(grant, grant_in_query(call));
  if (grant) {
    BELAY_CO_TRY(declined, co_await account.decline(std::move(call.caller), std::move(*grant)));
    co_return plain(std::move(declined));
  }
  BELAY_CO_TRY(body, co_await account.disconnect(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> take_reports_back(Account& account, RouteCall call) {
  BELAY_CO_TRY(body, co_await account.take_reports_back(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> begin_consent(Account& account, RouteCall call, bool secure) {
  const std::string state(call.request.parameter("state").value_or(""));
  if (!is_token(state)) co_return foreign_state();
  BELAY_CO_TRY(next, co_await account.begin_consent(state));
  const auto cookie = cookie_name(state) + "=1; Path=/oauth/; Max-Age=600; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
  co_return Answer{.status = 302, .body = {}, .text = {}, .location = std::move(next.location), .cookies = {cookie}};
}

Task<Result<Answer>> come_back(Account& account, RouteCall call) {
  Account::Callback callback;
  callback.state = call.request.parameter("state").value_or("");
  callback.code = call.request.parameter("code").value_or("");
  callback.error = call.request.parameter("error").value_or("");
  callback.error_description = call.request.parameter("error_description").value_or("").substr(0, kDescriptionLimit);
  if (!is_token(callback.state) || !cookie_of(call.request, cookie_name(callback.state))) co_return foreign_state();
  if (callback.code.size() > kCodeMost || (callback.code.empty() && callback.error.empty())) co_return fail("invalid_request", "neither code nor error");
  const auto gone_cookie = cookie_name(callback.state) + "=; Path=/oauth/; Max-Age=0; HttpOnly; SameSite=Lax";
  BELAY_CO_TRY(next, co_await account.come_back(std::move(callback)));
  co_return Answer{.status = 302, .body = {}, .text = {}, .location = std::move(next.location), .cookies = {gone_cookie}};
}

}  // namespace

void add_account_routes(Router& router, Account& account, bool secure) {
  const auto add = [&](const char* method, const char* pattern, Door door, Task<Result<Answer>> (*handler)(Account&, RouteCall)) {
    router.add(method, pattern, door, [&account, handler](RouteCall call) { return handler(account, std::move(call)); });
  };
  add("GET", "/v1/account", Door::for_people, show);
  add("DELETE", "/v1/account", Door::for_people, disconnect);
  add("DELETE", "/v1/account/reports", Door::for_people, take_reports_back);
  add("POST", "/v1/account/start", Door::for_people, start);
  add("POST", "/v1/account/finish", Door::for_people, finish);
  add("POST", "/v1/account/check", Door::for_people, look_again);
  router.add("GET", "/oauth/teamviewer/start", Door::for_browsers, [&account, secure](RouteCall call) { return begin_consent(account, std::move(call), secure); });
  add("GET", "/oauth/teamviewer/callback", Door::for_browsers, come_back);
}

}  // namespace belay::gateway
