#include <charconv>

#include "base/field_rule.hpp"
#include "gateway/gateway.hpp"
#include "gateway/parameters.hpp"
#include "gateway/query.hpp"
#include "support/settings.hpp"

namespace belay::gateway {
namespace {

using desk::PersonalData;
using desk::Retention;

Result<std::optional<int>> days_of(Query& query) {
  BELAY_TRY(given, query.text("days"));
  if (!given) return std::optional<int>{};
  int days = 0;
  const auto* end = given->data() + given->size();
  const auto [rest, problem] = std::from_chars(given->data(), end, days);
  if (rest != end || (problem != std::errc{} && problem != std::errc::result_out_of_range)) return refuse_field("days", FieldRule::integer);
  if (problem != std::errc{} || days < 0 || days > support::kMostRetentionDays) return refuse_field("days", FieldRule::range, {{"least", 0}, {"most", support::kMostRetentionDays}});
  return std::optional(days);
}

Task<Result<Answer>> retention(Retention& desk, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(days, days_of(query));
  BELAY_CO_CHECK(query.finish());
  BELAY_CO_TRY(body, co_await desk.view(std::move(call.caller), days));
  co_return plain(std::move(body));
}

Task<Result<Answer>> accounts(PersonalData& desk, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(after, query.text("after"));
  BELAY_CO_CHECK(query.finish());
  BELAY_CO_TRY(body, co_await desk.accounts(std::move(call.caller), AccountId{after.value_or("")}));
  co_return plain(std::move(body));
}

Task<Result<Answer>> show(PersonalData& desk, RouteCall call) {
  BELAY_CO_CHECK(Query{call}.finish());
  const auto account = account_in_path(call);
  BELAY_CO_TRY(body, co_await desk.view(std::move(call.caller), account));
  co_return plain(std::move(body));
}

Task<Result<Answer>> file(PersonalData& desk, RouteCall call) {
  Query query{call};
  BELAY_CO_TRY(cursor, query.text("cursor"));
  BELAY_CO_CHECK(query.finish());
  const auto account = account_in_path(call);
  BELAY_CO_TRY(body, co_await desk.file(std::move(call.caller), account, cursor.value_or("")));
  co_return plain(std::move(body));
}

Task<Result<Answer>> erase(PersonalData& desk, RouteCall call) {
  BELAY_CO_CHECK(Query{call}.finish());
  const auto account = account_in_path(call);
  BELAY_CO_TRY(body, co_await desk.erase(std::move(call.caller), account));
  co_return plain(std::move(body), 202);
}

}  // namespace

void add_personal_data_routes(Router& router, Retention& of_age, PersonalData& of_account) {
  router.add("GET", "/v1/retention", Door::for_people, [&of_age](RouteCall call) { return retention(of_age, std::move(call)); });
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(PersonalData&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&of_account, handler](RouteCall call) { return handler(of_account, std::move(call)); });
  };
  add("GET", "/v1/accounts", accounts);
  add("GET", "/v1/accounts/{id}", show);
  add("GET", "/v1/accounts/{id}/export", file);
  add("DELETE", "/v1/accounts/{id}", erase);
}

}  // namespace belay::gateway
