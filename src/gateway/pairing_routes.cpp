#include "gateway/gateway.hpp"

namespace belay::gateway {
namespace {

Task<Result<Answer>> pair(desk::Pairing& pairing, Callers& callers, RouteCall call) {
  json::Reader reader{call.body};
  auto code = reader.required_string("code", 64);
  BELAY_CO_CHECK(reader.finish());
  const auto installation = call.caller.installation();
  auto body = co_await pairing.pair(std::move(call.caller), std::move(code));
  callers.forget(installation);
  callers.forget_names();
  if (!body) co_return std::unexpected(body.error());
  co_return plain(std::move(*body));
}

Task<Result<Answer>> unpair(desk::Pairing& pairing, Callers& callers, RouteCall call) {
  const auto installation = call.caller.installation();
  auto body = co_await pairing.unpair(std::move(call.caller));
  callers.forget(installation);
  if (!body) co_return std::unexpected(body.error());
  co_return plain(std::move(*body));
}

}  // namespace

void add_pairing_routes(Router& router, desk::Pairing& pairing, Callers& callers) {
  router.add("POST", "/v1/pairing", Door::for_pairing, [&pairing, &callers](RouteCall call) { return pair(pairing, callers, std::move(call)); });
  router.add("DELETE", "/v1/pairing", Door::for_people, [&pairing, &callers](RouteCall call) { return unpair(pairing, callers, std::move(call)); });
}

}  // namespace belay::gateway
