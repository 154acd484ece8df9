// GET /account: who the token belongs to, and the licence.
#include "teamviewer/provider.hpp"
#include "teamviewer/refusals.hpp"
#include "teamviewer/wire.hpp"

namespace belay::teamviewer {
namespace {

Request account_request() {
  return request_for("account", "GET", "/account");
}

Result<ports::ProviderAccount> account_of_answer(const json::value& answer) {
  const auto* body = answer.if_object();
  auto account = body == nullptr ? std::nullopt : account_from(*body);
  if (!account) return std::unexpected(unreachable("no account in the answer", false));
  return std::move(*account);
}

}  // namespace

Task<Result<ports::ProviderAccount>> TeamViewer::account_of(ports::Call call, ports::Grant grant) {
  auto request = account_request();
  request.token = grant.access_token;
  request.who = key_of_token(grant.access_token);
  request.trace_id = call.trace_id;
  auto answer = co_await rest_.send(std::move(request), after(call.deadline));
  if (!answer) {
    if (answer.error().code == "link_expired") co_return fail("grant_expired", answer.error().cause, {{"provider", kProvider}});
    co_return std::unexpected(std::move(answer).error());
  }
  co_return account_of_answer(*answer);
}

Task<Result<ports::ProviderAccount>> TeamViewer::account(ports::Call call, ports::LinkRef link) {
  const auto until = after(call.deadline);
  BELAY_CO_TRY(answer, co_await ask(call, link, account_request(), until));
  co_return account_of_answer(answer);
}

}  // namespace belay::teamviewer
