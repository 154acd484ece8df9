#include "gateway/gateway.hpp"

namespace belay::gateway {
namespace {

constexpr std::size_t kIdLimit = 64;

Task<Result<Answer>> show_request(desk::OwnRequest& own_request, RouteCall call) {
  BELAY_CO_TRY(shown, co_await own_request.show(std::move(call.caller)));
  co_return plain(std::move(shown));
}

Task<Result<Answer>> show_queue(desk::Queue& queue, RouteCall call) {
  BELAY_CO_TRY(shown, co_await queue.list(std::move(call.caller)));
  co_return plain(std::move(shown));
}

Task<Result<Answer>> ask_for_help(desk::HelpAsks& asks, RouteCall call) {
  BELAY_CO_CHECK(json::Reader{call.body}.finish());
  BELAY_CO_TRY(asking, co_await asks.ask(std::move(call.caller)));
  co_return plain(std::move(asking));
}

Task<Result<Answer>> withdraw_ask(desk::HelpAsks& asks, RouteCall call) {
  BELAY_CO_TRY(asking, co_await asks.withdraw(std::move(call.caller)));
  co_return plain(std::move(asking));
}

Task<Result<Answer>> dismiss_ask(desk::HelpAsks& asks, RouteCall call) {
  json::Reader reader{call.body};
  HelpAskId ask{reader.required_string("ask", kIdLimit)};
  BELAY_CO_CHECK(reader.finish());
  BELAY_CO_TRY(dismissed, co_await asks.dismiss(std::move(call.caller), std::move(ask)));
  co_return plain({{"dismissed", dismissed}});
}

}  // namespace

void add_request_routes(Router& router, desk::OwnRequest& own_request, desk::HelpAsks& asks, desk::Queue& queue) {
  router.add("GET", "/v1/queue", Door::for_people, [&queue](RouteCall call) { return show_queue(queue, std::move(call)); });
  router.add("GET", "/v1/request", Door::for_people, [&own_request](RouteCall call) { return show_request(own_request, std::move(call)); });
  router.add("POST", "/v1/requests/ask", Door::for_people, [&asks](RouteCall call) { return ask_for_help(asks, std::move(call)); });
  router.add("DELETE", "/v1/requests/ask", Door::for_people, [&asks](RouteCall call) { return withdraw_ask(asks, std::move(call)); });
  router.add("POST", "/v1/requests/ask/dismiss", Door::for_people, [&asks](RouteCall call) { return dismiss_ask(asks, std::move(call)); });
}

}  // namespace belay::gateway
