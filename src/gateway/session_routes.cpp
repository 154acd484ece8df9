#include <algorithm>
#include <array>

#include "gateway/gateway.hpp"
#include "gateway/parameters.hpp"

namespace belay::gateway {
namespace {

using desk::Sessions;

constexpr std::size_t kKeyLimit = 128;
constexpr std::array<std::string_view, 3> kInvitations{"public", "internal", "none"};
constexpr std::string_view kMine = "mine";
constexpr std::array<std::string_view, 2> kClients{"app", "browser"};

// Lengths of texts are rules of the domain and counted there in characters; here only a bound in bytes.
constexpr std::size_t kTextBytes = 64 * 1024;

Answer session_answer(unsigned status, json::object session) {
  return plain({{"session", std::move(session)}}, status);
}

Result<support::Customer> read_customer(const json::object& from) {
  json::Reader reader{from};
  support::Customer customer;
  if (const auto id = reader.optional_string("id", kAccountLimit)) {
    if (id->empty()) reader.refuse("id", FieldRule::required);
    customer.account = AccountId{*id};
    BELAY_CHECK(reader.finish());
    return customer;
  }
  customer.name = reader.required_string("name", kTextBytes);
  customer.email = reader.optional_string("email", kTextBytes).value_or("");
  BELAY_CHECK(reader.finish());
  return customer;
}

// The key comes as header or as member; both with different values is a mistake of the caller.
Result<std::string> idempotency_key(const net::Request& request, const std::optional<std::string>& member) {
  const std::string header(request.header("idempotency-key").value_or(""));
  const auto visible = [](unsigned char c) { return c >= 0x20 && c < 0x7f; };
  if (!std::ranges::all_of(header, visible)) return refuse_field("Idempotency-Key", FieldRule::visible_ascii);
  if (header.size() > kKeyLimit) return refuse_field("Idempotency-Key", FieldRule::max_characters, {{"limit", kKeyLimit}});
  if (!header.empty() && member && *member != header) return refuse_field("idempotencyKey", FieldRule::same_as_header);
  return header.empty() ? member.value_or("") : header;
}

Result<desk::SessionWish> read_wish(const RouteCall& call) {
  json::Reader reader{call.body};
  desk::SessionWish wish;
  const auto customer = reader.optional_object("customer");
  wish.description = reader.optional_string("description", kTextBytes);
  if (const auto minutes = reader.optional_integer("validityMinutes", support::kLeastValidity.count(), support::kMostValidity.count())) wish.validity = std::chrono::minutes{*minutes};
  if (const auto invitation = reader.optional_choice("invitation", kInvitations)) wish.invitation = support::invitation_from(*invitation);
  const auto key = reader.optional_string("idempotencyKey", kKeyLimit);
  if (key && key->empty()) reader.refuse("idempotencyKey", FieldRule::required);
  BELAY_CHECK(reader.finish());
  if (customer) {
    auto read = read_customer(*customer);
    if (!read) {
      auto error = read.error();
      if (const auto field = json::string_at(error.detail, "field")) error.detail["field"] = "customer." + *field;
      return std::unexpected(std::move(error));
    }
    wish.customer = std::move(*read);
  }
  BELAY_TRY(chosen_key, idempotency_key(call.request, key));
  wish.idempotency_key = std::move(chosen_key);
  return wish;
}

Task<Result<Answer>> create(Sessions& sessions, RouteCall call) {
  BELAY_CO_TRY(wish, read_wish(call));
  BELAY_CO_TRY(created, co_await sessions.create(std::move(call.caller), std::move(wish)));
  co_return plain({{"session", std::move(created.session)}, {"joined", created.joined}}, 202);
}

Task<Result<Answer>> list(Sessions& sessions, desk::OwnSessions& own_sessions, RouteCall call) {
  const auto scope = call.request.parameter("scope");
  if (scope && *scope != kMine) co_return refuse_field("scope", FieldRule::choice, {{"choices", json::array{kMine}}});
  if (scope) {
    BELAY_CO_TRY(mine, co_await own_sessions.list(std::move(call.caller)));
    co_return plain(std::move(mine));
  }
  BELAY_CO_TRY(shown, co_await sessions.of_issue(std::move(call.caller)));
  co_return plain({{"now", to_iso8601(sessions.now())}, {"sessions", std::move(shown)}});
}

Task<Result<Answer>> one(Sessions& sessions, RouteCall call) {
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(session, co_await sessions.one(std::move(call.caller), id));
  co_return session_answer(200, std::move(session));
}

Task<Result<Answer>> connect(Sessions& sessions, RouteCall call) {
  json::Reader reader{call.body};
  const auto client = reader.optional_choice("client", kClients);
  if (!client) reader.refuse("client", FieldRule::required);
  BELAY_CO_CHECK(reader.finish());
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(url, co_await sessions.connect(std::move(call.caller), id, *client == "browser" ? desk::Client::browser : desk::Client::app));
  co_return plain({{"url", std::move(url)}});
}

Task<Result<Answer>> stay(Sessions& sessions, RouteCall call) {
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(session, co_await sessions.stay(std::move(call.caller), id));
  co_return session_answer(200, std::move(session));
}

std::optional<desk::TypedNotes> read_notes(json::Reader& reader) {
  auto notes = reader.optional_string("notes", kTextBytes);
  auto before = reader.optional_string("before", kTextBytes);
  if (!notes) return std::nullopt;
  return desk::TypedNotes{.notes = std::move(*notes), .before = std::move(before)};
}

Task<Result<Answer>> close(Sessions& sessions, RouteCall call) {
  json::Reader reader{call.body};
  auto notes = read_notes(reader);
  BELAY_CO_CHECK(reader.finish());
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(session, co_await sessions.close(std::move(call.caller), id, std::move(notes)));
  co_return session_answer(202, std::move(session));
}

Task<Result<Answer>> cancel(Sessions& sessions, RouteCall call) {
  BELAY_CO_CHECK(json::Reader{call.body}.finish());
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(session, co_await sessions.cancel(std::move(call.caller), id));
  co_return session_answer(202, std::move(session));
}

Task<Result<Answer>> retry(Sessions& sessions, RouteCall call) {
  BELAY_CO_CHECK(json::Reader{call.body}.finish());
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(session, co_await sessions.retry(std::move(call.caller), id));
  co_return session_answer(202, std::move(session));
}

Task<Result<Answer>> replace(Sessions& sessions, RouteCall call) {
  json::Reader reader{call.body};
  std::optional<std::chrono::minutes> validity;
  if (const auto minutes = reader.optional_integer("validityMinutes", support::kLeastValidity.count(), support::kMostValidity.count())) validity = std::chrono::minutes{*minutes};
  BELAY_CO_CHECK(reader.finish());
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(created, co_await sessions.replace(std::move(call.caller), id, validity));
  co_return plain({{"session", std::move(created.session)}, {"joined", created.joined}}, 202);
}

Task<Result<Answer>> change(Sessions& sessions, RouteCall call) {
  json::Reader reader{call.body};
  auto notes = read_notes(reader);
  if (!notes) reader.refuse("notes", FieldRule::required);
  BELAY_CO_CHECK(reader.finish());
  const SessionId id{uuid_in_path(call)};
  BELAY_CO_TRY(session, co_await sessions.write_notes(std::move(call.caller), id, std::move(*notes)));
  co_return session_answer(200, std::move(session));
}

}  // namespace

void add_session_routes(Router& router, Sessions& sessions, desk::OwnSessions& own_sessions) {
  const auto add = [&](const char* method, const char* pattern, Task<Result<Answer>> (*handler)(Sessions&, RouteCall)) {
    router.add(method, pattern, Door::for_people, [&sessions, handler](RouteCall call) { return handler(sessions, std::move(call)); });
  };
  router.add("GET", "/v1/sessions", Door::for_people, [&sessions, &own_sessions](RouteCall call) { return list(sessions, own_sessions, std::move(call)); });
  add("POST", "/v1/sessions", create);
  add("GET", "/v1/sessions/{id}", one);
  add("PATCH", "/v1/sessions/{id}", change);
  add("POST", "/v1/sessions/{id}/connect", connect);
  add("DELETE", "/v1/sessions/{id}/connect", stay);
  add("POST", "/v1/sessions/{id}/close", close);
  add("POST", "/v1/sessions/{id}/cancel", cancel);
  add("POST", "/v1/sessions/{id}/invitation", retry);
  add("POST", "/v1/sessions/{id}/replace", replace);
}

}  // namespace belay::gateway
