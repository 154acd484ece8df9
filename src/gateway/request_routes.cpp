#include "gateway/gateway.hpp"

namespace belay::gateway {
namespace {

Task<Result<Answer>> show_request(desk::OwnRequest& own_request, RouteCall call) {
  BELAY_CO_TRY(shown, co_await own_request.show(std::move(call.caller)));
  co_return Answer{.status = 200, .body = std::move(shown), .text = {}, .location = {}, .cookies = {}};
}

}  // namespace

void add_request_routes(Router& router, desk::OwnRequest& own_request) {
  router.add("GET", "/v1/request", Door::for_people, [&own_request](RouteCall call) { return show_request(own_request, std::move(call)); });
}

}  // namespace belay::gateway
