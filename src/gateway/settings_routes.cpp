#include "gateway/gateway.hpp"
#include "support/code_points.hpp"

namespace belay::gateway {
namespace {

struct Admins {
  desk::Administration& of_site;
  desk::ProjectAdministration& of_project;
};

constexpr std::size_t kPreviewCharacters = 20'000;
constexpr std::size_t kPreviewBytes = 4 * kPreviewCharacters;
constexpr std::size_t kProjectKeyLimit = 255;

// Whose settings are asked for: with `project`, of that project and never of the whole site.
Result<std::optional<ProjectKey>> asked_project(const RouteCall& call) {
  const auto key = call.request.parameter("project");
  if (!key) return std::optional<ProjectKey>{};
  if (key->empty()) return refuse_field("project", FieldRule::required);
  if (support::count_code_points(*key) > kProjectKeyLimit) return refuse_field("project", FieldRule::max_characters, {{"limit", kProjectKeyLimit}});
  return std::optional(ProjectKey{std::string(*key)});
}

// The version that the page read; the rest of the body is what it wants.
Result<std::int64_t> take_version(json::object& body) {
  const auto version = json::integer_at(body, "version");
  if (!version || *version < 0) return refuse_field("version", FieldRule::required);
  body.erase("version");
  return *version;
}

Task<Result<Answer>> show(Admins admins, RouteCall call) {
  BELAY_CO_TRY(project, asked_project(call));
  auto asked = project ? admins.of_project.settings(std::move(call.caller), std::move(*project)) : admins.of_site.settings(std::move(call.caller));
  BELAY_CO_TRY(body, co_await std::move(asked));
  co_return plain(std::move(body));
}

Task<Result<Answer>> change(Admins admins, RouteCall call) {
  BELAY_CO_TRY(project, asked_project(call));
  auto wanted = std::move(call.body);
  BELAY_CO_TRY(version, take_version(wanted));
  auto asked = project ? admins.of_project.change_settings(std::move(call.caller), std::move(*project), version, std::move(wanted))
                       : admins.of_site.change_settings(std::move(call.caller), version, std::move(wanted));
  BELAY_CO_TRY(body, co_await std::move(asked));
  co_return plain(std::move(body));
}

Task<Result<Answer>> preview(Admins admins, RouteCall call) {
  json::Reader reader{call.body};
  auto text = reader.optional_string("text", kPreviewBytes);
  auto language = reader.required_string("language", 16);
  if (!text) reader.refuse("text", FieldRule::required);
  else if (support::count_code_points(*text) > kPreviewCharacters) reader.refuse("text", FieldRule::max_characters, {{"limit", kPreviewCharacters}});
  BELAY_CO_CHECK(reader.finish());
  BELAY_CO_TRY(body, co_await admins.of_site.preview(std::move(call.caller), std::move(*text), std::move(language)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> links(Admins admins, RouteCall call) {
  BELAY_CO_TRY(body, co_await admins.of_site.links(std::move(call.caller)));
  co_return plain(std::move(body));
}

Task<Result<Answer>> unlink(Admins admins, RouteCall call) {
  const LinkId id{uuid_in_path(call)};
  BELAY_CO_TRY(body, co_await admins.of_site.unlink(std::move(call.caller), id));
  co_return plain(std::move(body));
}

}  // namespace

void add_settings_routes(Router& router, desk::Administration& administration, desk::ProjectAdministration& project_administration) {
  const Admins admins{.of_site = administration, .of_project = project_administration};
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(Admins, RouteCall)) {
    router.add(method, pattern, Door::for_people, [admins, handler](RouteCall call) { return handler(admins, std::move(call)); });
  };
  add("GET", "/v1/settings", show);
  add("PUT", "/v1/settings", change);
  add("POST", "/v1/settings/preview", preview);
  add("GET", "/v1/links", links);
  add("DELETE", "/v1/links/{id}", unlink);
}

}  // namespace belay::gateway
