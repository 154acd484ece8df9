// Any bytes as TeamViewer's answers, over HTTP on loopback, read by every call that asks for one. The first letter says what is asked, the second
// what status answers. What comes out has the shape that the port promises, and a link is given up only where the call says so.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "require.hpp"
#include "support/code_points.hpp"
#include "teamviewer/ids.hpp"
#include "teamviewer/testing.hpp"

using namespace belay;
using namespace belay::teamviewer;

namespace {

const SessionCode kCode{"s284-613-907"};
const SessionId kOurs{"0192f3a0-0000-7000-8000-000000000001"};
constexpr std::array kStatuses{200U, 400U, 403U, 404U};   // 5xx is tried again, after a wait
constexpr std::array kAsked{"POST /api/v1/oauth2/token", "POST /api/v1/OAuth2/revoke", "GET /api/v1/ping", "GET /api/v1/account", "GET /api/v1/groups",
                            "POST /api/v1/groups", "GET /api/v1/sessions", "POST /api/v1/sessions", "GET /api/v1/sessions/s284-613-907",
                            "PUT /api/v1/sessions/s284-613-907", "GET /api/v1/contacts", "POST /api/v1/contacts", "GET /api/v1/contacts/c7"};

struct World : testing::World {
  World() {
    log::set_level(log::Level::error);
    runtime.run(start(service), nullptr);
  }
  static Task<int> start(testing::Service& service) {
    require(service.start().has_value());
    co_return 0;
  }
  [[nodiscard]] teamviewer::Settings settings() const {
    teamviewer::Settings settings;
    settings.client_id = "412907-exampleClientId";
    settings.client_secret = "example&secret";
    settings.api_url = service.url();
    settings.redirect_uri = "https://support.example.com/oauth/teamviewer/callback";
    settings.refresh_patience = Milliseconds{0};
    return settings;
  }
};

bool is_line(std::string_view text) { return support::to_one_line(text) == text; }

void require_openable(std::string_view url) { require(url.empty() || web_address(url) == url); }

void require_fair(const ports::ProviderAccount& account) {
  require(is_user_id(account.id.value));
  require(is_line(account.name) && is_line(account.email) && is_line(account.company));
  require_openable(account.picture);
}

void require_fair(const ports::ProviderSession& session) {
  require(is_session_code(session.code.value));
  for (const auto* link : {&session.customer_link, &session.supporter_link, &session.browser_link}) require_openable(*link);
  require(!session.ours || is_session_id(session.ours->value));
}

void require_fair(const support::Contact& contact) {
  require(is_contact_id(contact.id.value) && (contact.user.empty() || is_user_id(contact.user.value)));
  require(is_line(contact.name));
  require_openable(contact.picture);
}

void require_fair(const ports::Grant& grant, Time now) {
  require(is_token(grant.access_token) && (grant.refresh_token.empty() || is_token(grant.refresh_token)));
  require(grant.expires_at > now && grant.expires_at <= now + std::chrono::hours{366 * 24});
}

void require_fair(const Error& error) {
  static const std::set<std::string_view> kCodes{"link_expired", "grant_expired", "provider_unreachable", "provider_rate_limited", "provider_permission", "provider_blocked",
                                                 "provider_refused", "licence_limit_reached", "not_found", "address_not_usable"};
  require(kCodes.contains(error.code));
  require(is_line(error.cause));
  if (const auto said = json::string_at(error.detail, "said")) require(is_line(*said) && !said->contains('@') && support::count_code_points(*said) <= 300);
}

/// What came of the call is fair, and is its error's code; empty when there is none.
template <class T, class Check>
std::string judged(const Result<T>& result, Check check) {
  if (result) {
    if constexpr (std::is_void_v<T>) check();
    else check(*result);
    return {};
  }
  require_fair(result.error());
  return result.error().code;
}

void require_open_ones(const std::vector<ports::ProviderSession>& sessions) {
  std::set<SessionCode> codes;
  for (const auto& session : sessions) {
    require_fair(session);
    require(session.open && codes.insert(session.code).second);
  }
}

Task<std::string> ask(World& world, TeamViewer& provider, unsigned question) {
  const auto& call = world.call;
  const auto& mara = world.mara;
  const auto fair = [](const auto& value) { require_fair(value); };
  const auto nothing = [] {};
  switch (question) {
    case 0: co_return judged(co_await provider.exchange(call, ports::Registration::base, "code", "verifier"), [&](const ports::Grant& grant) { require_fair(grant, world.clock.at); });
    case 1: co_return judged(co_await provider.account_of(call, world.stored().grant), fair);
    case 2: co_return judged(co_await provider.account(call, mara), fair);
    case 3: co_return judged(co_await provider.check_registration(call, ports::Registration::base), nothing);
    case 4: co_return judged(co_await provider.ping(call, mara), nothing);
    case 5: co_return judged(co_await provider.group(call, mara, "Jira"), [](const std::string& id) { require(is_group_id(id)); });
    case 6: {
      ports::SessionDraft draft;
      draft.id = kOurs;
      draft.group_id = "g1";
      draft.valid_until = world.clock.at + std::chrono::hours{1};
      co_return judged(co_await provider.create_session(call, mara, draft), [](const ports::ProviderSession& session) {
        require_fair(session);
        require(session.ours == kOurs && !session.customer_link.empty());
      });
    }
    case 7: co_return judged(co_await provider.open_sessions(call, mara), require_open_ones);
    case 8: co_return judged(co_await provider.find_sessions(call, mara, kOurs), [](const std::vector<ports::ProviderSession>& sessions) {
      require_open_ones(sessions);
      for (const auto& session : sessions) require(session.ours == kOurs);
    });
    case 9: co_return judged(co_await provider.session(call, mara, kCode), [](const ports::ProviderSession& session) {
      require_fair(session);
      require(session.code == kCode);
    });
    case 10: co_return judged(co_await provider.close_session(call, mara, kCode), nothing);
    case 11: co_return judged(co_await provider.contacts_at(call, mara, {"ada@example.com"}), [](const ports::ContactsFound& found) {
      for (const auto& at : found.contacts) require_fair(at.contact);
    });
    case 12: co_return judged(co_await provider.contact(call, mara, ContactId{"c7"}), [&](const support::Contact& contact) {
      require_fair(contact);
      require(contact.id == ContactId{"c7"});
      require_openable(provider.launch_url(contact.id, support::LaunchMode::chat).value());
    });
    case 13: co_return judged(co_await provider.contacts_named(call, mara, "ada"), [](const std::vector<support::Contact>& contacts) {
      for (const auto& contact : contacts) require_fair(contact);
    });
    case 14: co_return judged(co_await provider.invite(call, mara, "ada@example.com", "g1"), nothing);
    default: co_return judged(co_await provider.revoke(call, world.stored().grant), nothing);
  }
}

Task<int> ask_and_look(World& world, TeamViewer& provider, unsigned question) {
  const auto code = co_await ask(world, provider, question);
  const auto& link = world.stored();
  require(!link.expired || code == "link_expired");
  require(is_token(link.grant.access_token) && is_token(link.grant.refresh_token));
  co_return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size < 2) return 0;
  const std::string body(reinterpret_cast<const char*>(data) + 2, size - 2);
  for (const auto* what : kAsked) world.service.on(what, {testing::answer(kStatuses[data[1] % kStatuses.size()], body)});
  world.service.seen.clear();
  world.link("access-1", "refresh-1");
  TeamViewer provider{world.runtime.io(), world.client, world.storage, world.clock, world.settings()};
  world.runtime.run(ask_and_look(world, provider, (data[0] - unsigned{'a'}) % 16), nullptr);
  return 0;
}
