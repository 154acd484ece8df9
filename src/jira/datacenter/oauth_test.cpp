// The OAuth 2.0 provider of a Jira Data Center, by Atlassian's page on its API, RFC 6749 and RFC 7636: what is sent, and what counts as a grant.
#include "jira/datacenter/oauth.hpp"

#include <limits>
#include <map>

#include <doctest/doctest.h>

#include "jira/datacenter/testing.hpp"

using namespace belay;
using namespace belay::jira::datacenter;
using namespace belay::jira::datacenter::testing;
using std::chrono::seconds;

namespace {

constexpr const char* kToken = "/rest/oauth2/latest/token";
constexpr const char* kBack = "https://support.example.com/datacenter/acme/callback";

json::object given() { return {{"access_token", "fresh-access"}, {"refresh_token", "fresh-refresh"}, {"token_type", "bearer"}, {"expires_in", 7'200}, {"created_at", 1'607'635'748}}; }
json::object given_with(std::string_view member, json::value value) {
  auto all = given();
  all[member] = std::move(value);
  return all;
}
json::object given_without(std::string_view member) {
  auto all = given();
  all.erase(member);
  return all;
}
net::Response oauth_error(unsigned status, std::string_view error) { return answer(status, json::object{{"error", error}, {"error_description", "refresh-token code-1 client-secret"}}); }

using Form = std::map<std::string, std::string>;
Form form_of(const net::Request& request) {
  const auto fields = net::form_decode(request.body).value();
  return {fields.begin(), fields.end()};
}

struct Desk : World {
  Desk() = default;
  explicit Desk(net::Response token) { jira.on("POST", kToken, {std::move(token)}); }

  Result<ports::JiraGrant> exchange() { return wait_for(oauth.exchange(call(), "code-1", "verifier-1")); }
  Result<ports::JiraGrant> refresh() { return wait_for(oauth.refresh(call(), {.access_token = "user-token", .refresh_token = "refresh-token", .expires_at = clock.now()})); }
};

}  // namespace

// ---- the way to Jira ----

TEST_CASE("the browser goes to Jira with the challenge, the state, the scope, and the way back") {
  const Desk desk;
  const auto address = desk.oauth.authorize_url(desk.installation, "state 1&x", "challenge-1");
  const auto start = desk.jira.origin() + "/rest/oauth2/latest/authorize?";
  REQUIRE(address.starts_with(start));
  const auto fields = net::form_decode(address.substr(start.size())).value();
  const Form query{fields.begin(), fields.end()};
  CHECK(fields.size() == query.size());
  CHECK(query == Form{{"client_id", "client-1"}, {"redirect_uri", kBack}, {"response_type", "code"}, {"scope", "WRITE"}, {"state", "state 1&x"}, {"code_challenge", "challenge-1"}, {"code_challenge_method", "S256"}});
  CHECK_FALSE(address.contains("client-secret"));
  CHECK(desk.oauth.authorize_url(InstallationId{"datacenter:other"}, "s", "c").empty());
}

TEST_CASE("a site with an incoming link signs people in by OAuth, one without takes tokens that they type in, and one of another name is none") {
  Desk desk;
  const auto site = desk.oauth.site("acme");
  REQUIRE(site);
  CHECK(site->installation == desk.installation);
  CHECK(site->base_url == desk.jira.base_url());
  CHECK(site->oauth);
  CHECK_FALSE(desk.oauth.site("other"));
  desk.sites = Sites{std::vector<Site>{{.name = "old", .base_url = "https://old.example.com", .client_id = "", .client_secret = "", .service_token = "s", .webhook_secret = ""}}};
  CHECK_FALSE(desk.oauth.site("old")->oauth);
}

TEST_CASE("a Jira under a context path is signed in to there, and browsers know it by its origin") {
  Desk desk;
  desk.sites = Sites{std::vector<Site>{{.name = "acme", .base_url = "https://intranet.example.com/jira", .client_id = "client-1", .client_secret = "", .service_token = "s", .webhook_secret = ""}}};
  CHECK(desk.oauth.site("acme")->base_url == "https://intranet.example.com/jira");
  CHECK(desk.oauth.site("acme")->origin == "https://intranet.example.com");
  CHECK(desk.oauth.authorize_url(desk.installation, "s", "c").starts_with("https://intranet.example.com/jira/rest/oauth2/latest/authorize?"));
}

// ---- what is sent ----

TEST_CASE("a code is exchanged as a form, with the verifier, the client's own secret, and the same way back as before") {
  Desk desk{answer(200, given())};
  CHECK(desk.exchange());
  REQUIRE(desk.asked() == std::vector<std::string>{"POST /rest/oauth2/latest/token"});
  const auto& request = desk.jira.asked.at(0);
  CHECK(request.header("Content-Type") == "application/x-www-form-urlencoded");
  CHECK(request.header("Accept") == "application/json");
  CHECK_FALSE(request.header("Authorization").has_value());
  CHECK(form_of(request) == Form{{"grant_type", "authorization_code"}, {"code", "code-1"}, {"code_verifier", "verifier-1"}, {"client_id", "client-1"}, {"client_secret", "client-secret"}, {"redirect_uri", kBack}});
}

TEST_CASE("a refresh names the way back too: Jira refuses it otherwise") {
  Desk desk{answer(200, given())};
  CHECK(desk.refresh());
  CHECK(form_of(desk.jira.asked.at(0)) == Form{{"grant_type", "refresh_token"}, {"refresh_token", "refresh-token"}, {"client_id", "client-1"}, {"client_secret", "client-secret"}, {"redirect_uri", kBack}});
}

TEST_CASE("what stands in a form is one field each, whatever it holds") {
  Desk desk{answer(200, given())};
  CHECK(desk.wait_for(desk.oauth.exchange(desk.call(), "a&grant_type=x +%", "v=1")));
  const auto form = form_of(desk.jira.asked.at(0));
  CHECK(form.at("code") == "a&grant_type=x +%");
  CHECK(form.at("code_verifier") == "v=1");
  CHECK(form.size() == 6);
}

TEST_CASE("for a site that is not configured nothing is sent") {
  Desk desk{answer(200, given())};
  desk.sites = Sites{};
  CHECK(code(desk.exchange()) == "sign_in_refused");
  CHECK(code(desk.refresh()) == "sign_in_refused");
  CHECK(desk.jira.asked.empty());
}

// ---- what counts as a grant ----

TEST_CASE("a grant is two tokens and how long the first of them lives") {
  Desk desk{answer(200, given())};
  for (const auto& grant : {desk.exchange().value(), desk.refresh().value()}) {
    CHECK(grant.access_token == "fresh-access");
    CHECK(grant.refresh_token == "fresh-refresh");
    CHECK(grant.expires_at == desk.clock.now() + seconds{7'200});
  }
}

TEST_CASE("a life that is not told is an hour; one that is over at once, or would never end, is kept within bounds") {
  struct Case { json::object answer; std::int64_t life; };
  constexpr std::int64_t kYear = 366LL * 24 * 3'600;
  for (const auto& [told, life] : {Case{given_without("expires_in"), 3'600}, Case{given_with("expires_in", nullptr), 3'600}, Case{given_with("expires_in", "soon"), 3'600}, Case{given_with("expires_in", 0), 1},
                                   Case{given_with("expires_in", -7'200), 1}, Case{given_with("expires_in", std::numeric_limits<std::int64_t>::max()), kYear}, Case{given_with("expires_in", std::numeric_limits<std::int64_t>::min()), 1}}) {
    Desk desk{answer(200, told)};
    CHECK(desk.exchange().value().expires_at == desk.clock.now() + seconds{life});
  }
}

TEST_CASE("the kind of token is written in capitals or small letters, or not at all, and none but a bearer's is taken") {
  for (const auto& told : {given(), given_with("token_type", "Bearer"), given_with("token_type", "BEARER"), given_without("token_type")}) CHECK(Desk{answer(200, told)}.exchange());
  CHECK(code(Desk{answer(200, given_with("token_type", "mac"))}.exchange()) == "jira_unreachable");
}

TEST_CASE("an answer without a token, or with what could not stand in a header, is no grant") {
  for (const auto* member : {"access_token", "refresh_token"}) {
    for (const auto& told : {given_without(member), given_with(member, ""), given_with(member, nullptr), given_with(member, 7), given_with(member, "two words"), given_with(member, "line\r\nX-Injected: 1"), given_with(member, "é"),
                             given_with(member, boost::json::string(8'193, 'x'))}) {
      INFO(member);
      Desk desk{answer(200, told)};
      const auto grant = desk.exchange();
      CHECK(code(grant) == "jira_unreachable");
      CHECK(grant.error().retryable);
    }
  }
  for (const auto& told : {page(200), nothing(200), answer(200, json::array{}), answer(200, std::string("access_token=a&refresh_token=b"))}) CHECK(code(Desk{told}.exchange()) == "jira_unreachable");
}

TEST_CASE("an answer too large to be a grant is none") {
  Desk desk{answer(200, given_with("scope", boost::json::string(70'000, 'x')))};
  const auto error = desk.exchange().error();
  CHECK(error.code == "jira_unreachable");
  CHECK(error.cause.contains("answer_too_large"));
}

// ---- what counts as a refusal ----

TEST_CASE("Jira's own word on the grant refuses it: trying again makes no sense") {
  for (const unsigned status : {400U, 401U, 403U}) {
    INFO(status);
    Desk desk{oauth_error(status, "invalid_grant")};
    for (const auto& grant : {desk.exchange(), desk.refresh()}) {
      CHECK(code(grant) == "sign_in_refused");
      CHECK_FALSE(grant.error().retryable);
    }
  }
}

TEST_CASE("what is wrong in our own configuration or in how we ask says nothing of the user's grant") {
  for (const auto& told : {oauth_error(401, "invalid_client"), oauth_error(400, "invalid_client"), oauth_error(400, "unauthorized_client"), oauth_error(400, "invalid_request"), oauth_error(400, "unsupported_grant_type"),
                           oauth_error(400, "invalid_scope")}) {
    Desk desk{told};
    CHECK(code(desk.exchange()) == "jira_unreachable");
    CHECK(code(desk.refresh()) == "jira_unreachable");
  }
}

TEST_CASE("a page in place of Jira's word, whatever its status, refuses nobody") {
  for (const auto& told : {page(400), page(401, {{"WWW-Authenticate", "Basic"}}), page(403), page(404), page(407), page(500), page(502), page(503), page(504), page(302, {{"Location", "/login.jsp"}}),
                           answer(400, json::object{}), answer(400, json::object{{"error", 7}}), oauth_error(503, "invalid_grant")}) {
    INFO(told.status);
    Desk desk{told};
    const auto grant = desk.refresh();
    CHECK(code(grant) == "jira_unreachable");
    CHECK(grant.error().retryable);
    CHECK(std::ranges::all_of(desk.asked(), [](const std::string& asked) { return asked == "POST /rest/oauth2/latest/token"; }));
  }
}

TEST_CASE("a code and a refresh token work once: neither is sent a second time when no answer came") {
  for (const auto& told : {silence(), page(502), page(503)}) {
    Desk desk{told};
    CHECK(code(desk.exchange()) == "jira_unreachable");
    CHECK(desk.jira.asked.size() == 1);
    CHECK(code(desk.refresh()) == "jira_unreachable");
    CHECK(desk.jira.asked.size() == 2);
  }
}

TEST_CASE("no token, no code and no secret stands in an error") {
  for (const auto& told : {oauth_error(400, "invalid_grant"), oauth_error(401, "invalid_client"), answer(200, given_with("token_type", "mac")), page(500), silence(), answer(200, given_without("access_token"))}) {
    Desk desk{told};
    for (const auto& grant : {desk.exchange(), desk.refresh()}) {
      const auto& error = grant.error();
      const auto text = error.code + ' ' + error.cause + ' ' + boost::json::serialize(error.detail);
      for (const auto* secret : {"refresh-token", "fresh-access", "fresh-refresh", "client-secret", "code-1", "verifier-1", "user-token"}) CHECK_FALSE(text.contains(secret));
    }
  }
}

// ---- webhooks ----

TEST_CASE("a webhook is ours when its body is signed with the site's secret") {
  Desk desk;
  const std::string body = R"({"webhookEvent":"jira:issue_updated"})";
  // openssl dgst -sha256 -hmac hook-secret
  const std::string signature = "sha256=5ec3ea27c45ff90e07bbf652b9ec4205f848f1d8860752ce308114e3207421b8";
  CHECK(desk.oauth.is_signed(desk.installation, body, signature));
  CHECK_FALSE(desk.oauth.is_signed(desk.installation, body + ' ', signature));
  CHECK_FALSE(desk.oauth.is_signed(desk.installation, body, signature.substr(7)));
  CHECK_FALSE(desk.oauth.is_signed(desk.installation, body, signature.substr(0, signature.size() - 1)));
  CHECK_FALSE(desk.oauth.is_signed(desk.installation, body, ""));
  CHECK_FALSE(desk.oauth.is_signed(InstallationId{"datacenter:other"}, body, signature));
  desk.sites = Sites{std::vector<Site>{{.name = "acme", .base_url = "", .client_id = "", .client_secret = "", .service_token = "", .webhook_secret = ""}}};
  // openssl dgst -sha256 -hmac "" (a site without a secret refuses what is signed with none)
  CHECK_FALSE(desk.oauth.is_signed(desk.installation, body, "sha256=3e3d4ac9077bf74671a2acdf36bfdbe10b83a6e6cb2b56855e53473aca15bd5d"));
}
