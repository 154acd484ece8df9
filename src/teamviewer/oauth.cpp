#include "teamviewer/oauth.hpp"

#include "net/message.hpp"
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/refusals.hpp"

namespace belay::teamviewer {
namespace {

constexpr std::int64_t kShortestLife = 1;
constexpr std::int64_t kLongestLife = 366LL * 24 * 3600;
constexpr std::int64_t kAssumedLife = 3'600;  // RFC 6749 recommends `expires_in` and does not require it

std::optional<ports::Grant> read_grant(const json::value& body, const std::string& old_refresh_token, Time now) {
  const auto* object = body.if_object();
  if (object == nullptr) return std::nullopt;
  const auto access = json::string_at(*object, "access_token").value_or("");
  const auto type = json::string_at(*object, "token_type").value_or("bearer");
  auto refresh = json::string_at(*object, "refresh_token").value_or("");
  if (refresh.empty()) refresh = old_refresh_token;
  if (!is_token(access) || !support::same_ignoring_case(type, "bearer")) return std::nullopt;
  if (!refresh.empty() && !is_token(refresh)) return std::nullopt;
  const auto life = std::clamp(json::integer_at(*object, "expires_in").value_or(kAssumedLife), kShortestLife, kLongestLife);
  return ports::Grant{.access_token = access, .refresh_token = refresh, .expires_at = now + std::chrono::seconds{life}};
}

}  // namespace

const std::string& OAuth::client_id() const { return registration_ == ports::Registration::reports ? settings_.reports_client_id : settings_.client_id; }
const std::string& OAuth::client_secret() const { return registration_ == ports::Registration::reports ? settings_.reports_client_secret : settings_.client_secret; }

std::string OAuth::authorize_url(const std::string& state, const std::string& code_challenge) const {
  const char joint = settings_.authorize_url.find('?') == std::string::npos ? '?' : '&';
  return settings_.authorize_url + joint +
         net::form_encode({{"response_type", "code"},
                           {"client_id", client_id()},
                           {"redirect_uri", settings_.redirect_uri},
                           {"state", state},
                           {"code_challenge", code_challenge},
                           {"code_challenge_method", "S256"}});
}

Task<Result<ports::Grant>> OAuth::exchange(std::string code, std::string code_verifier, std::string trace_id, Until until) {
  auto request = request_for("exchange_code", "POST", "/oauth2/token");
  request.trace_id = trace_id;
  request.form = {{"grant_type", "authorization_code"},
                  {"code", code},
                  {"redirect_uri", settings_.redirect_uri},
                  {"client_id", client_id()},
                  {"client_secret", client_secret()},
                  {"code_verifier", code_verifier}};
  auto grant = co_await ask(std::move(request), {}, until);
  if (!grant && grant.error().code == "link_expired") grant.error().code = "grant_expired";
  co_return grant;
}

Task<Result<ports::Grant>> OAuth::refresh(ports::Grant grant, std::string who, std::string trace_id, Until until) {
  if (grant.refresh_token.empty()) co_return fail("link_expired", "there is no refresh token", {{"provider", kProvider}});
  auto request = request_for("refresh_token", "POST", "/oauth2/token");
  request.who = who;
  request.trace_id = trace_id;
  request.form = {{"grant_type", "refresh_token"},
                  {"refresh_token", grant.refresh_token},
                  {"client_id", client_id()},
                  {"client_secret", client_secret()}};
  co_return co_await ask(std::move(request), grant.refresh_token, until);
}

Task<Result<void>> OAuth::revoke(std::string access_token, std::string trace_id, Until until) {
  auto request = request_for("revoke_token", "POST", "/OAuth2/revoke");
  request.token = access_token;
  request.who = key_of_token(access_token);
  request.trace_id = trace_id;
  auto answer = co_await rest_.send(std::move(request), until);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  co_return Result<void>{};
}

Task<Result<ports::Grant>> OAuth::ask(Request request, std::string old_refresh_token, Until until) {
  auto answer = co_await rest_.send(std::move(request), until);
  if (!answer) co_return std::unexpected(std::move(answer).error());
  auto grant = read_grant(*answer, old_refresh_token, clock_.now());
  if (!grant) co_return std::unexpected(unreachable("no tokens in the answer", true));
  grant->registration = registration_;
  co_return std::move(*grant);
}

}  // namespace belay::teamviewer
