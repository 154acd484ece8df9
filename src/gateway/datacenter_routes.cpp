// Our pages beside a Jira Data Center, and the sign-in to them (docs/datacenter.md).
#include <algorithm>

#include "gateway/cookies.hpp"
#include "gateway/gateway.hpp"
#include "gateway/html.hpp"
#include "gateway/parameters.hpp"

namespace belay::gateway {
namespace {

using desk::SignIns;

constexpr std::size_t kTypedMost = 1'024;
constexpr std::string_view kKept = "public, max-age=31536000, immutable";   // the names of what is built carry what it holds

const std::string& name_in(const RouteCall& call) { return call.parameters.find("name")->second; }

std::string folder_of(const std::string& name) { return "/datacenter/" + name + "/"; }

// ---- pages ----

// Jira's page is the one that may show ours. Pictures of people come from it and from the provider; over plain http only where all of it is on one machine.
std::string policy_of(const ports::JiraSite& site, bool secure) {
  const std::string pictures = secure ? "" : " http://*.localhost:*";
  return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; img-src 'self' data: https: " +
         site.origin + pictures + "; frame-ancestors " + site.origin;
}

// What stands before the pages' own scripts: it gives them what Forge gives them in Cloud.
std::string bridge_tag(const ports::JiraSite& site, const std::string& name, std::string_view page) {
  return "<script src=\"" + folder_of(name) + "pages/bridge/bridge.js\" data-site=\"" + escaped(name) + "\" data-page=\"" + escaped(page) + "\" data-jira=\"" + escaped(site.base_url) +
         "\" data-sign-in=\"" + (site.oauth ? "oauth" : "typed") + "\"></script>";
}

Result<Answer> show_page(const SignIns& sign_ins, const PageFiles& pages, const RouteCall& call, bool secure) {
  BELAY_TRY(site, sign_ins.site(name_in(call)));
  const auto& page = call.parameters.find("page")->second;
  const auto* html = page == "bridge" ? nullptr : pages.find(page + "/index.html");
  if (html == nullptr) return fail("not_found", "no such page");
  auto shown = *html;
  const auto head = shown.find("<head>");
  if (head == std::string::npos) return fail("internal_error", "a page without a head");
  shown.insert(head + std::string_view("<head>").size(), bridge_tag(site, name_in(call), page));
  return Answer{.status = 200, .body = {}, .text = {}, .location = {}, .cookies = {}, .document = Document{.content_type = "text/html; charset=utf-8", .bytes = std::move(shown), .security_policy = policy_of(site, secure)}};
}

Result<Answer> show_file(const SignIns& sign_ins, const PageFiles& pages, const RouteCall& call, std::string_view folder) {
  BELAY_CHECK(sign_ins.site(name_in(call)));
  const auto& file = call.parameters.find("file")->second;
  const auto* bytes = pages.find(call.parameters.find("page")->second + std::string(folder) + file);
  if (bytes == nullptr || file.ends_with(".html")) return fail("not_found", "no such file");
  return Answer{.status = 200, .body = {}, .text = {}, .location = {}, .cookies = {},
                .document = Document{.content_type = std::string(content_type_of(file)), .bytes = *bytes, .security_policy = {}, .cache_control = folder == "/assets/" ? std::string(kKept) : std::string("no-cache")}};
}

// ---- the window that goes to Jira ----

// Ties the browser that began to the one that comes back: the state alone could be carried to another browser.
std::string state_cookie(std::string_view state) { return "belay_sign_in_" + std::string(state.substr(0, 12)); }

Task<Result<Answer>> begin(SignIns& sign_ins, RouteCall call, bool secure) {
  const std::string nonce(call.request.parameter("nonce").value_or(""));
  if (!is_token(nonce)) co_return refuse_field("nonce", FieldRule::token, token_figures());
  BELAY_CO_TRY(begun, co_await sign_ins.begin(name_in(call), nonce));
  auto cookie = state_cookie(begun.state) + "=1; Path=" + folder_of(name_in(call)) + "; Max-Age=600; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "");
  co_return Answer{.status = 302, .body = {}, .text = {}, .location = std::move(begun.location), .cookies = {std::move(cookie)}};
}

// Hands the code to the page that opened the window, and to nobody else: the script names our own origin. Where that page is gone, the words say what to do.
std::string handing_page(const std::string& name, const SignIns::Returned& returned, std::string_view language, const Catalogue& words) {
  return "<!doctype html><html lang=\"" + std::string(language) + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Belay</title><script src=\"" + folder_of(name) +
         "pages/bridge/return.js\" data-nonce=\"" + escaped(returned.nonce) + "\" data-code=\"" + escaped(returned.code) + "\"></script></head><body><main><h1>Belay</h1><p>" +
         escaped(words.text(std::string(language), "sign_in.returned")) + "</p></main></body></html>";
}

Task<Result<Answer>> come_back(SignIns& sign_ins, RouteCall call, const Catalogue& words) {
  const std::string state(call.request.parameter("state").value_or(""));
  if (!is_token(state) || !cookie_of(call.request, state_cookie(state))) co_return foreign_state();
  std::string code(call.request.parameter("code").value_or(""));
  if (code.size() > kCodeMost) co_return fail("invalid_request", "no code of Jira's is so long");
  const auto accept_language = std::string(call.request.header("accept-language").value_or(""));
  BELAY_CO_TRY(returned, co_await sign_ins.come_back(name_in(call), state, std::move(code), trace_of(call.request)));
  const auto language = words.match(std::string_view(accept_language).substr(0, accept_language.find_first_of(",;")), "en");
  auto gone = state_cookie(state) + "=; Path=" + folder_of(name_in(call)) + "; Max-Age=0; HttpOnly; SameSite=Lax";
  co_return Answer{.status = 200, .body = {}, .text = {}, .location = {}, .cookies = {std::move(gone)},
                   .document = Document{.content_type = "text/html; charset=utf-8", .bytes = handing_page(name_in(call), returned, language, words), .security_policy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"}};
}

// ---- the page's token ----

// Where the page stands in a frame of Jira's, browsers keep the cookie for that frame's place alone (Partitioned), so that it works where cookies of others are blocked.
std::string sign_in_cookie(const std::string& name, const std::string& secret, std::int64_t seconds) {
  return "belay_" + name + "=" + secret + "; Path=" + folder_of(name) + "; Max-Age=" + std::to_string(seconds) + "; HttpOnly; Secure; SameSite=None; Partitioned";
}

json::object account_json(const ports::JiraUser& user) {
  return {{"id", user.account.value}, {"name", user.name}, {"login", user.login}, {"language", user.language}, {"timeZone", user.time_zone}};
}

Answer signed_in(const std::string& name, const SignIns::SignedIn& who, Time now) {
  Answer answer{.status = 200,
                .body = {{"token", who.page_token}, {"now", to_iso8601(now)}, {"until", to_iso8601(who.page_token_ends)}, {"account", account_json(who.user)}},
                .text = {}, .location = {}, .cookies = {}};
  if (who.secret) answer.cookies.push_back(sign_in_cookie(name, *who.secret, std::chrono::duration_cast<std::chrono::seconds>(who.ends - now).count()));
  return answer;
}

// Cookies come along by themselves: only our own pages may ask, which browsers say.
Result<void> check_origin(const RouteCall& call, const std::string& public_url) {
  if (call.request.header("origin").value_or("") != public_url) return fail("forbidden", "not from a page of ours", {{"reason", "wrong_module"}});
  return {};
}

Task<Result<Answer>> give_token(SignIns& sign_ins, RouteCall call, const std::string& public_url, const ports::Clock& clock) {
  BELAY_CO_CHECK(check_origin(call, public_url));
  static constexpr std::string_view kGrants[] = {"code", "refresh", "typed"};
  json::Reader reader{call.body};
  const auto grant = reader.optional_choice("grant", kGrants);
  if (!grant) reader.refuse("grant", FieldRule::required);
  auto code = reader.optional_string("code", kTokenMost);
  auto token = reader.optional_string("token", kTypedMost);
  BELAY_CO_CHECK(reader.finish());
  const auto& name = name_in(call);
  if (grant == "refresh") {
    const auto secret = cookie_of(call.request, "belay_" + name);
    if (!secret || !is_token(*secret)) co_return fail("signed_out", "no cookie");
    BELAY_CO_TRY(who, co_await sign_ins.refresh(name, *secret));
    co_return signed_in(name, who, clock.now());
  }
  if (grant == "code") {
    if (!code || !is_token(*code)) co_return fail("signed_out", "no code of ours");
    BELAY_CO_TRY(who, co_await sign_ins.exchange(name, std::move(*code)));
    co_return signed_in(name, who, clock.now());
  }
  const bool one_word = token && !token->empty() && std::ranges::all_of(*token, [](char c) { return c > ' ' && c < 0x7f; });
  if (!one_word) co_return refuse_field("token", FieldRule::token, {{"least", 1}, {"most", kTypedMost}});
  BELAY_CO_TRY(who, co_await sign_ins.by_typed_token(name, std::move(*token), trace_of(call.request)));
  co_return signed_in(name, who, clock.now());
}

Task<Result<Answer>> sign_out(SignIns& sign_ins, RouteCall call, const std::string& public_url) {
  BELAY_CO_CHECK(check_origin(call, public_url));
  const auto& name = name_in(call);
  if (const auto secret = cookie_of(call.request, "belay_" + name); secret && is_token(*secret)) BELAY_CO_CHECK(co_await sign_ins.sign_out(name, *secret));
  co_return Answer{.status = 200, .body = {{"signedOut", true}}, .text = {}, .location = {}, .cookies = {sign_in_cookie(name, {}, 0)}};
}

Task<Result<Answer>> hear(desk::Webhooks& webhooks, RouteCall call) {
  const std::string signature(call.request.header("x-hub-signature").value_or(""));
  BELAY_CO_CHECK(co_await webhooks.hear(name_in(call), call.request.body, signature, std::move(call.body)));
  co_return plain({{"accepted", true}});
}

}  // namespace

bool is_webhook(const std::vector<std::string>& path) { return path.size() == 3 && path.front() == "datacenter" && path.back() == "webhook"; }

void add_datacenter_routes(Router& router, SignIns& sign_ins, desk::Webhooks& webhooks, const PageFiles& pages, const std::string& public_url, const ports::Clock& clock, const Catalogue& words) {
  const bool secure = public_url.starts_with("https://");
  const auto at_once = [](Result<Answer> answer) -> Task<Result<Answer>> { co_return answer; };
  const auto shown = [&sign_ins, &pages, at_once, secure](RouteCall call) { return at_once(show_page(sign_ins, pages, call, secure)); };
  router.add("GET", "/datacenter/{name}/pages/{page}/", Door::for_browsers, shown);
  router.add("GET", "/datacenter/{name}/pages/{page}/assets/{file}", Door::for_browsers, [&sign_ins, &pages, at_once](RouteCall call) { return at_once(show_file(sign_ins, pages, call, "/assets/")); });
  router.add("GET", "/datacenter/{name}/pages/{page}/{file}", Door::for_browsers, [&sign_ins, &pages, at_once](RouteCall call) { return at_once(show_file(sign_ins, pages, call, "/")); });
  router.add("GET", "/datacenter/{name}/signin", Door::for_browsers, [&sign_ins, secure](RouteCall call) { return begin(sign_ins, std::move(call), secure); });
  router.add("GET", "/datacenter/{name}/callback", Door::for_browsers, [&sign_ins, &words](RouteCall call) { return come_back(sign_ins, std::move(call), words); });
  router.add("POST", "/datacenter/{name}/token", Door::for_browsers, [&sign_ins, public_url, &clock](RouteCall call) { return give_token(sign_ins, std::move(call), public_url, clock); });
  router.add("POST", "/datacenter/{name}/webhook", Door::for_browsers, [&webhooks](RouteCall call) { return hear(webhooks, std::move(call)); });
  router.add("DELETE", "/datacenter/{name}/token", Door::for_browsers, [&sign_ins, public_url](RouteCall call) { return sign_out(sign_ins, std::move(call), public_url); });
}

}  // namespace belay::gateway
