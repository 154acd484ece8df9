#include <array>

#include "gateway/gateway.hpp"
#include "gateway/parameters.hpp"
#include "support/code_points.hpp"

namespace belay::gateway {
namespace {

using desk::Reach;

constexpr std::size_t kAddressLimit = 1'024;   // bytes; what an address may be is the domain's business
constexpr std::size_t kContactLimit = 32;
constexpr std::size_t kSearchLimit = 100;      // characters
constexpr std::array<std::string_view, 4> kModes{"chat", "call", "control", "present"};

Answer person_answer(unsigned status, json::object person) {
  return plain({{"person", std::move(person)}}, status);
}

Task<Result<Answer>> invite(Reach& reach, RouteCall call) {
  BELAY_CO_CHECK(json::Reader{call.body}.finish());
  const auto person = account_in_path(call);
  BELAY_CO_TRY(view, co_await reach.invite(std::move(call.caller), person));
  co_return person_answer(202, std::move(view));
}

Task<Result<Answer>> map(Reach& reach, RouteCall call) {
  json::Reader reader{call.body};
  auto contact = reader.optional_string("contact", kContactLimit);
  auto address = reader.optional_string("address", kAddressLimit);
  if (contact.has_value() == address.has_value()) reader.refuse("contact", FieldRule::exactly_one, {{"choices", {"contact", "address"}}});
  BELAY_CO_CHECK(reader.finish());
  const auto person = account_in_path(call);
  if (contact) {
    BELAY_CO_TRY(view, co_await reach.map_to_contact(std::move(call.caller), person, ContactId{std::move(*contact)}));
    co_return person_answer(200, std::move(view));
  }
  BELAY_CO_TRY(view, co_await reach.map_to_address(std::move(call.caller), person, std::move(*address)));
  co_return person_answer(200, std::move(view));
}

Task<Result<Answer>> unmap(Reach& reach, RouteCall call) {
  const auto person = account_in_path(call);
  BELAY_CO_TRY(view, co_await reach.unmap(std::move(call.caller), person));
  co_return person_answer(200, std::move(view));
}

Task<Result<Answer>> launch(Reach& reach, RouteCall call) {
  json::Reader reader{call.body};
  const auto mode = reader.optional_choice("mode", kModes);
  if (!mode) reader.refuse("mode", FieldRule::required);
  BELAY_CO_CHECK(reader.finish());
  const auto person = account_in_path(call);
  BELAY_CO_TRY(url, co_await reach.launch(std::move(call.caller), person, *support::launch_mode_from(*mode)));
  co_return plain({{"url", url}});
}

Task<Result<Answer>> contacts(Reach& reach, RouteCall call) {
  const std::string search(call.request.parameter("search").value_or(""));
  if (search.empty()) co_return refuse_field("search", FieldRule::required);
  if (support::count_code_points(search) > kSearchLimit) co_return refuse_field("search", FieldRule::max_characters, {{"limit", kSearchLimit}});
  BELAY_CO_TRY(found, co_await reach.contacts(std::move(call.caller), search));
  co_return plain(std::move(found));
}

}  // namespace

void add_people_routes(Router& router, Reach& reach) {
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(Reach&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&reach, handler](RouteCall call) { return handler(reach, std::move(call)); });
  };
  add("POST", "/v1/people/{id}/contact", invite);
  add("PUT", "/v1/people/{id}/mapping", map);
  add("DELETE", "/v1/people/{id}/mapping", unmap);
  add("POST", "/v1/people/{id}/launch", launch);
  add("GET", "/v1/contacts", contacts);
}

}  // namespace belay::gateway
