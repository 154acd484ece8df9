// Session codes: made, found again by our id in custom_api, followed and closed.
#include <set>

#include "base/log.hpp"
#include "net/message.hpp"
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/provider.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

namespace belay::teamviewer {
namespace {

constexpr std::size_t kDescriptionLimit = 4'000;  // characters, as the limits below
constexpr std::size_t kNameLimit = 100;
constexpr std::size_t kEmailLimit = 254;
constexpr std::string_view kOurs = "belay";       // member of custom_api
constexpr std::size_t kMostPages = 500;

std::string first_characters(std::string_view text, std::size_t limit) {
  auto rest = text;
  for (std::size_t count = 0; count < limit && !rest.empty(); ++count) rest.remove_prefix(support::first_code_point(rest).bytes);
  return std::string(text.substr(0, text.size() - rest.size()));
}

// Open, by the word. As a number it says nothing we could rely on; then the time of closing does.
bool is_open(const json::object& body) {
  if (const auto word = json::string_at(body, "state")) return support::same_ignoring_case(*word, "open");
  return json::integer_at(body, "state").has_value() && !body.contains("closed_at");
}

std::optional<SessionId> our_id(const json::object& body) {
  const auto custom = json::parse_or_null(json::string_at(body, "custom_api").value_or(""));
  const auto* object = custom.if_object();
  if (object == nullptr) return std::nullopt;
  auto id = json::string_at(*object, kOurs);
  if (!id || !is_session_id(*id)) return std::nullopt;
  return SessionId{std::move(*id)};
}

std::string link_at(const json::object& body, std::string_view key) { return web_address(json::string_at(body, key).value_or("")).value_or(""); }

std::optional<Time> time_at(const json::object& body, std::string_view key) {
  const auto text = json::string_at(body, key);
  return text ? from_iso8601(*text) : std::nullopt;
}

Request session_request(std::string function, std::string method, const SessionCode& code) {
  return {.function = std::move(function), .method = std::move(method), .path = "/sessions/" + net::percent_encode(code.value), .query = {}, .body = {}, .form = {}, .token = {}, .who = {}, .trace_id = {}};
}

std::unexpected<Error> no_such_code() { return fail("not_found", "not a session code", {{"provider", kProvider}}); }

struct Page {
  std::vector<ports::ProviderSession> sessions;
  std::optional<std::string> next;
};

Result<Page> read_page(const json::value& answer) {
  const auto* body = answer.if_object();
  const auto* items = body == nullptr ? nullptr : json::array_at(*body, "sessions");
  if (items == nullptr) return std::unexpected(unreachable("no sessions in the answer", false));
  Page page;
  for (const auto& item : *items) {
    const auto* object = item.if_object();
    auto session = object == nullptr ? std::nullopt : session_from(*object);
    if (session) page.sessions.push_back(std::move(*session));
    else log::warning("teamviewer_session_unreadable", {});
  }
  page.next = json::string_at(*body, "next_offset");
  if (page.next && page.next->empty()) page.next.reset();
  return page;
}

}  // namespace

std::optional<ports::ProviderSession> session_from(const json::object& body) {
  const auto code = json::string_at(body, "code").value_or("");
  if (!is_session_code(code)) return std::nullopt;
  return ports::ProviderSession{.code = SessionCode{code},
                                .ours = our_id(body),
                                .open = is_open(body),
                                .online = json::bool_at(body, "online"),
                                .customer_link = link_at(body, "end_customer_link"),
                                .supporter_link = link_at(body, "supporter_link"),
                                .browser_link = link_at(body, "webclient_supporter_link"),
                                .created_at = time_at(body, "created_at"),
                                .valid_until = time_at(body, "valid_until")};
}

json::object session_body(const ports::SessionDraft& draft) {
  json::object body{{"groupid", draft.group_id},
                    {"valid_until", to_iso8601(std::chrono::floor<std::chrono::seconds>(draft.valid_until))},
                    {"custom_api", boost::json::serialize(json::object{{kOurs, draft.id.value}})}};
  if (!draft.description.empty()) body["description"] = first_characters(draft.description, kDescriptionLimit);
  json::object customer;
  if (!draft.customer.name.empty()) customer["name"] = first_characters(support::to_one_line(draft.customer.name), kNameLimit);
  if (!draft.customer.email.empty()) customer["email"] = first_characters(support::to_one_line(draft.customer.email), kEmailLimit);
  if (!customer.empty()) body["end_customer"] = std::move(customer);
  return body;
}

Task<Result<ports::ProviderSession>> TeamViewer::create_session(ports::Call call, ports::LinkRef link, ports::SessionDraft draft) {
  Request request{.function = "create_session", .method = "POST", .path = "/sessions", .query = {}, .body = session_body(draft), .form = {}, .token = {}, .who = {}, .trace_id = {}};
  BELAY_CO_TRY(answer, co_await ask(call, link, std::move(request), after(call.deadline)));
  const auto* body = answer.if_object();
  auto session = body == nullptr ? std::nullopt : session_from(*body);
  // It may well exist now; who looks for it by our id finds it.
  if (!session || session->customer_link.empty()) co_return std::unexpected(unreachable("no session in the answer", true));
  session->ours = draft.id;
  co_return std::move(*session);
}

Task<Result<std::vector<ports::ProviderSession>>> TeamViewer::find_sessions(ports::Call call, ports::LinkRef link, SessionId ours) {
  BELAY_CO_TRY(sessions, co_await open_sessions(call, link));
  std::erase_if(sessions, [&](const ports::ProviderSession& session) { return session.ours != ours; });
  co_return std::move(sessions);
}

Task<Result<std::vector<ports::ProviderSession>>> TeamViewer::open_sessions(ports::Call call, ports::LinkRef link) {
  const auto until = after(call.deadline);
  std::vector<ports::ProviderSession> sessions;
  std::set<SessionCode> known;
  std::set<std::string> offsets;
  std::optional<std::string> offset;
  do {
    Request request{.function = "list_sessions", .method = "GET", .path = "/sessions", .query = {{"full_list", "true"}, {"state", "open"}}, .body = {}, .form = {}, .token = {}, .who = {}, .trace_id = {}};
    if (offset) request.query.emplace_back("offset", *offset);
    BELAY_CO_TRY(answer, co_await ask(call, link, std::move(request), until));
    BELAY_CO_TRY(page, read_page(answer));
    for (auto& session : page.sessions) {
      if (session.open && known.insert(session.code).second) sessions.push_back(std::move(session));
    }
    offset = page.next;
    // A part of the list is worse than none: who looks for an earlier try would make a second session.
    const bool goes_on = !offset || (is_session_code(*offset) && offsets.insert(*offset).second && offsets.size() < kMostPages);
    if (!goes_on) co_return std::unexpected(unreachable("the list of sessions does not end", false));
  } while (offset);
  co_return std::move(sessions);
}

Task<Result<ports::ProviderSession>> TeamViewer::session(ports::Call call, ports::LinkRef link, SessionCode code) {
  if (!is_session_code(code.value)) co_return no_such_code();
  BELAY_CO_TRY(answer, co_await ask(call, link, session_request("get_session", "GET", code), after(call.deadline)));
  const auto* body = answer.if_object();
  auto session = body == nullptr ? std::nullopt : session_from(*body);
  if (!session || session->code != code) co_return std::unexpected(unreachable("no session in the answer", false));
  co_return std::move(*session);
}

Task<Result<void>> TeamViewer::close_session(ports::Call call, ports::LinkRef link, SessionCode code) {
  if (!is_session_code(code.value)) co_return no_such_code();
  const auto until = after(call.deadline);
  auto request = session_request("close_session", "PUT", code);
  request.body = json::object{{"state", "closed"}};
  auto closed = co_await ask(call, link, std::move(request), until);
  if (closed || closed.error().code == "not_found") co_return Result<void>{};
  if (closed.error().code != "provider_refused") co_return std::unexpected(std::move(closed).error());
  // What is closed may be refused to be closed again; then the session says so itself.
  auto look = co_await ask(call, link, session_request("get_session", "GET", code), until);
  if (!look && look.error().code == "not_found") co_return Result<void>{};
  const auto* body = look ? look->if_object() : nullptr;
  const auto present = body == nullptr ? std::nullopt : session_from(*body);
  if (present && !present->open) co_return Result<void>{};
  co_return std::unexpected(std::move(closed).error());
}

}  // namespace belay::teamviewer
