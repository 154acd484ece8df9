#include "gateway/gateway.hpp"
#include "support/code_points.hpp"

namespace belay::gateway {
namespace {

constexpr std::size_t kVersionLimit = 128;

Task<Result<Answer>> show_panel(desk::Panel& panel, RouteCall call) {
  const std::string since(call.request.parameter("since").value_or(""));
  if (support::count_code_points(since) > kVersionLimit) co_return refuse_field("since", FieldRule::max_characters, {{"limit", kVersionLimit}});
  BELAY_CO_TRY(text, co_await panel.show(std::move(call.caller), since));
  co_return Answer{.status = 200, .body = {}, .text = std::move(text), .location = {}, .cookies = {}};
}

}  // namespace

void add_panel_routes(Router& router, desk::Panel& panel) {
  router.add("GET", "/v1/panel", Door::for_people, [&panel](RouteCall call) { return show_panel(panel, std::move(call)); });
}

}  // namespace belay::gateway
