// Session codes: made, found again by our id in custom_api, followed and closed.
#include <set>

#include "base/log.hpp"
#include "net/message.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/provider.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

namespace belay::teamviewer {
namespace {

constexpr std::size_t kMostPages = 500;

Request session_request(std::string function, std::string method, const SessionCode& code) {
  return request_for(std::move(function), std::move(method), "/sessions/" + net::percent_encode(code.value));
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

ports::SessionSample TeamViewer::sample() const {
  return {.code = SessionCode{"s123-456-789"}, .customer_link = "https://get.teamviewer.com/v15/s123456789"};
}

Task<Result<ports::ProviderSession>> TeamViewer::create_session(ports::Call call, ports::LinkRef link, ports::SessionDraft draft) {
  auto request = request_for("create_session", "POST", "/sessions");
  request.body = session_body(draft);
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
    auto request = request_for("list_sessions", "GET", "/sessions");
    request.query = {{"full_list", "true"}, {"state", "open"}};
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
