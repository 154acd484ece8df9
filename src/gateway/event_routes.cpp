#include "gateway/gateway.hpp"

namespace belay::gateway {
namespace {

std::optional<desk::ForgeEvent> event_of(std::string_view name) {
  if (name == "lifecycle") return desk::ForgeEvent::lifecycle;
  if (name == "product") return desk::ForgeEvent::product;
  if (name == "hourly") return desk::ForgeEvent::hourly;
  if (name == "uninstall") return desk::ForgeEvent::uninstall;
  return std::nullopt;
}

Task<Result<Answer>> hear(desk::Events& events, Callers& callers, RouteCall call) {
  const auto event = event_of(call.parameters.find("name")->second);
  if (!event) co_return fail("not_found", "no such event");
  if (call.verified.principal || call.verified.page != support::Page::backend) co_return fail("forbidden", "a page cannot send events", {{"reason", "wrong_module"}});
  const auto installation = call.verified.installation;
  // Forge wraps what happened in `payload`, beside its own context.
  const auto* wrapped = json::object_at(call.body, "payload");
  auto payload = wrapped != nullptr ? *wrapped : call.body;
  BELAY_CO_CHECK(co_await events.hear(std::move(call.verified), *event, std::move(payload)));
  if (*event == desk::ForgeEvent::uninstall) callers.forget(installation);
  co_return plain({{"accepted", true}});
}

}  // namespace

void add_event_routes(Router& router, desk::Events& events, Callers& callers) {
  router.add("POST", "/v1/forge/events/{name}", Door::for_events, [&events, &callers](RouteCall call) { return hear(events, callers, std::move(call)); });
}

}  // namespace belay::gateway
