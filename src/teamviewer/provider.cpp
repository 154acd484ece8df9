#include "teamviewer/provider.hpp"

#include "base/log.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {

TeamViewer::TeamViewer(boost::asio::io_context& io, net::Client& client, ports::Storage& storage, const ports::Clock& clock, Settings settings)
    : settings_(std::move(settings)),
      rest_(client, clock, settings_),
      oauth_(rest_, clock, settings_, ports::Registration::base),
      reports_oauth_(rest_, clock, settings_, ports::Registration::reports),
      tokens_(io, oauth_, storage, clock, settings_, ports::Registration::base),
      reports_tokens_(io, reports_oauth_, storage, clock, settings_, ports::Registration::reports) {}

ProviderName TeamViewer::name() const { return ProviderName{"teamviewer"}; }
std::string TeamViewer::display_name() const { return std::string(kProvider); }

bool TeamViewer::has(ports::Registration registration) const { return registration == ports::Registration::base || !settings_.reports_client_id.empty(); }

std::string TeamViewer::authorize_url(ports::Registration registration, std::string state, std::string code_challenge) const {
  const auto& oauth = registration == ports::Registration::reports ? reports_oauth_ : oauth_;
  return oauth.authorize_url(state, code_challenge);
}

Task<Result<ports::Grant>> TeamViewer::exchange(ports::Call call, ports::Registration registration, std::string code, std::string code_verifier) {
  co_return co_await oauth(registration).exchange(std::move(code), std::move(code_verifier), call.trace_id, after(call.deadline));
}

Task<Result<void>> TeamViewer::revoke(ports::Call call, ports::Grant grant) {
  const auto until = after(call.deadline);
  auto& oauth = this->oauth(grant.registration);
  auto revoked = co_await oauth.revoke(grant.access_token, call.trace_id, until);
  if (revoked || revoked.error().code != "link_expired") co_return revoked;
  // The access token is dead, but the refresh token may still open a new one: only with that can the grant be given back.
  auto fresh = co_await oauth.refresh(grant, {}, call.trace_id, until);
  if (!fresh && fresh.error().code == "link_expired") co_return Result<void>{};
  if (!fresh) co_return std::unexpected(std::move(fresh).error());
  revoked = co_await oauth.revoke(fresh->access_token, call.trace_id, until);
  if (!revoked && revoked.error().code == "link_expired") co_return Result<void>{};
  co_return revoked;
}

Task<Result<json::value>> TeamViewer::ask(ports::Call call, ports::LinkRef link, Request request, Until until, ports::Registration registration) {
  auto& tokens = this->tokens(registration);
  BELAY_CO_TRY(token, co_await tokens.access_token(link, call.trace_id, until));
  request.who = key_of(link, registration);
  request.trace_id = call.trace_id;
  request.token = token;
  auto answer = co_await rest_.send(request, until);
  if (answer || answer.error().code != "link_expired") co_return answer;

  BELAY_CO_TRY(fresh, co_await tokens.renewed(link, token, call.trace_id, until));
  request.token = fresh;
  answer = co_await rest_.send(request, until);
  if (!answer && answer.error().code == "link_expired") BELAY_CO_CHECK(co_await tokens.expire(link, fresh));
  co_return answer;
}

Task<void> TeamViewer::prepare(ports::Call call, ports::LinkRef link) {
  // A refresh that begins goes on by itself; the calls that come will find it under way.
  const auto at_once = std::chrono::steady_clock::now();
  auto token = co_await tokens_.access_token(link, call.trace_id, at_once);
  if (!token) log::debug("teamviewer_token_not_ready", log::fields_of(token.error()));
}

Task<Result<void>> TeamViewer::check_registration(ports::Call call, ports::Registration registration) {
  auto refused = co_await oauth(registration).refresh({.access_token = {}, .refresh_token = "belay-asks-whether-this-client-is-known", .expires_at = {}}, {}, call.trace_id, after(call.deadline));
  // The refresh token is refused, so the client was let in.
  if (refused || refused.error().code == "link_expired") co_return Result<void>{};
  co_return std::unexpected(std::move(refused).error());
}

Task<Result<void>> TeamViewer::ping(ports::Call call, ports::LinkRef link) {
  BELAY_CO_TRY(answer, co_await ask(call, link, request_for("ping", "GET", "/ping"), after(call.deadline)));
  const auto* body = answer.if_object();
  // A token that is not valid may be refused, or answered with 200 and this word.
  if (body == nullptr || !json::bool_at(*body, "token_valid").value_or(false)) co_return fail("link_expired", "ping: the token is not valid", {{"provider", kProvider}});
  co_return Result<void>{};
}

}  // namespace belay::teamviewer
