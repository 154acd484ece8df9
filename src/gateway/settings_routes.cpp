#include "gateway/gateway.hpp"
#include "support/code_points.hpp"

namespace belay::gateway {
namespace {

using desk::Administration;

constexpr std::size_t kPreviewCharacters = 20'000;
constexpr std::size_t kPreviewBytes = 4 * kPreviewCharacters;

Answer plain(json::object body) { return Answer{.status = 200, .body = std::move(body), .text = {}, .location = {}, .cookies = {}}; }

// Nobody who asks for one project's settings must change the whole site's.
Result<void> whole_site(const RouteCall& call) {
  if (call.request.parameter("project")) return fail("unknown_field", "settings of one project", {{"field", "project"}});
  return {};
}

Task<Result<Answer>> show(Administration& administration, RouteCall call) {
  BELAY_CO_CHECK(whole_site(call));
  BELAY_CO_TRY(body, co_await administration.settings(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> change(Administration& administration, RouteCall call) {
  BELAY_CO_CHECK(whole_site(call));
  const auto version = json::integer_at(call.body, "version");
  if (!version || *version < 0) co_return refuse_field("version", FieldRule::required);
  auto wanted = std::move(call.body);
  wanted.erase("version");
  BELAY_CO_TRY(body, co_await administration.change_settings(std::move(call.caller), *version, std::move(wanted)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> preview(Administration& administration, RouteCall call) {
  json::Reader reader{call.body};
  auto text = reader.optional_string("text", kPreviewBytes);
  auto language = reader.required_string("language", 16);
  if (!text) reader.refuse("text", FieldRule::required);
  else if (support::count_code_points(*text) > kPreviewCharacters) reader.refuse("text", FieldRule::max_characters, {{"limit", kPreviewCharacters}});
  BELAY_CO_CHECK(reader.finish());
  BELAY_CO_TRY(body, co_await administration.preview(std::move(call.caller), std::move(*text), std::move(language)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> links(Administration& administration, RouteCall call) {
  BELAY_CO_TRY(body, co_await administration.links(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> unlink(Administration& administration, RouteCall call) {
  const LinkId id{uuid_in_path(call)};
  BELAY_CO_TRY(body, co_await administration.unlink(std::move(call.caller), id));
  co_return plain(std::move(body));
}

}  // namespace

void add_settings_routes(Router& router, Administration& administration) {
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(Administration&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&administration, handler](RouteCall call) { return handler(administration, std::move(call)); });
  };
  add("GET", "/v1/settings", show);
  add("PUT", "/v1/settings", change);
  add("POST", "/v1/settings/preview", preview);
  add("GET", "/v1/links", links);
  add("DELETE", "/v1/links/{id}", unlink);
}

}  // namespace belay::gateway
