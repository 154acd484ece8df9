// The contact list against a TeamViewer on loopback: real HTTP, every shape that the manual allows.
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include "teamviewer/provider.hpp"
#include "teamviewer/testing.hpp"

using namespace belay;
using namespace belay::teamviewer;
using support::LaunchMode;
using support::Presence;
using testing::answer;
using testing::code_of;
using testing::refusal;
using testing::World;

namespace {

constexpr const char* kContacts = "/api/v1/contacts";
const std::string kGet = std::string("GET ") + kContacts;
const std::string kPost = std::string("POST ") + kContacts;
constexpr const char* kToken = "POST /api/v1/oauth2/token";

std::string one_contact(std::string_view members) { return R"({"contacts":[{"contact_id":"c7","name":"Ada",)" + std::string(members) + R"("email":"ada@example.com"}]})"; }

// What is read of a contact with these members.
Task<support::Contact> read(World& world, std::string members) {
  world.service.on(kGet, {answer(200, one_contact(members))});
  const auto found = co_await world.provider()->contacts_at(world.call, world.mara, {"ada@example.com"});
  CHECK(found.has_value());
  CHECK(found->contacts.size() == 1);
  co_return found->contacts.at(0).contact;
}

std::vector<LaunchMode> all_modes() { return {LaunchMode::control, LaunchMode::call, LaunchMode::chat, LaunchMode::present}; }

}  // namespace

// ---- looking ----

TEST_CASE("one call for all addresses, invitations included, in the name of the link") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kGet, {answer(200, R"({"contacts":[{"contact_id":"c7","user_id":"u7","name":"Ada","groupid":"g1","online_state":"Online","email":"Ada@Example.com",
      "profilepicture_url":"https://pictures.teamviewer.example/a/[size]","supported_features":"remote_control, videocall, chat, meeting"}],
      "invitations":[{"groupid":"g1","email":"bob@example.com"},{"groupId":"g1","email":"cleo@example.com"},{"groupid":"g1"},7]})")});
    const auto found = co_await world.provider()->contacts_at(world.call, world.mara, {"ada@example.com", "bob+work@example.com", "cleo@xn--bcher-kva.example"});
    REQUIRE(found.has_value());
    CHECK(world.service.seen.size() == 1);
    CHECK(world.service.last().parameter("email") == "ada@example.com,bob+work@example.com,cleo@xn--bcher-kva.example");
    CHECK(world.service.last().parameter("include_invitations") == "true");
    CHECK(world.service.last().target.contains("bob%2Bwork"));   // a plus is no space
    CHECK(world.service.last().header("authorization") == "Bearer access-1");
    CHECK(world.service.last().header("x-b3-traceid") == "trace-1");
    REQUIRE(found->contacts.size() == 1);
    CHECK(found->contacts[0].address == "Ada@Example.com");
    CHECK(found->contacts[0].contact == support::Contact{.id = ContactId{"c7"}, .user = ProviderAccountId{"u7"}, .name = "Ada", .picture = "https://pictures.teamviewer.example/a/64",
                                                         .presence = Presence::online, .supported = all_modes()});
    CHECK(found->invited == std::vector<std::string>{"bob@example.com", "cleo@example.com"});
  });
}

TEST_CASE("a contact of whom hardly anything is said is a contact: no user, no features, no picture, offline") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto contact = co_await read(world, "");
    CHECK(contact == support::Contact{.id = ContactId{"c7"}, .user = {}, .name = "Ada", .picture = {}, .presence = Presence::offline, .supported = {}});
  });
}

TEST_CASE("presence is a word in either case; anything else is nobody there") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    struct Case { const char* word; Presence presence; };
    for (const auto& [word, presence] : {Case{"\"Online\"", Presence::online}, Case{"\"online\"", Presence::online}, Case{"\"BUSY\"", Presence::busy}, Case{"\"Away\"", Presence::away},
                                         Case{"\"Offline\"", Presence::offline}, Case{"\"Sleeping\"", Presence::offline}, Case{"1", Presence::offline}, Case{"null", Presence::offline}}) {
      CAPTURE(std::string(word));
      CHECK((co_await read(world, R"("online_state":)" + std::string(word) + ",")).presence == presence);
    }
  });
}

TEST_CASE("features are words in a list; what is said with nothing in it is a client that can nothing, what is not said is not known") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto features = [](std::string_view text) { return R"("supported_features":)" + std::string(text) + ","; };
    CHECK((co_await read(world, features(R"("chat")"))).supported == std::vector{LaunchMode::chat});
    CHECK((co_await read(world, features(R"("Chat ,  MEETING,hologram,,")"))).supported == std::vector{LaunchMode::chat, LaunchMode::present});
    CHECK((co_await read(world, features(R"("")"))).supported == std::vector<LaunchMode>{});
    CHECK_FALSE((co_await read(world, features("null"))).supported.has_value());
    CHECK_FALSE((co_await read(world, features("7"))).supported.has_value());
  });
}

TEST_CASE("a picture is one size, and comes from the web or not at all") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto picture = [](std::string_view url) { return R"("profilepicture_url":")" + std::string(url) + "\","; };
    CHECK((co_await read(world, picture("https://pictures.example/[size]/a"))).picture == "https://pictures.example/64/a");
    CHECK((co_await read(world, picture("https://pictures.example/a"))).picture == "https://pictures.example/a");
    for (const auto* url : {"http://pictures.example/[size]", "javascript:alert(1)//[size]", "data:image/png;base64,AA", "https://me:secret@pictures.example/[size]", "[size]", ""}) {
      CAPTURE(std::string(url));
      CHECK((co_await read(world, picture(url))).picture.empty());
    }
  });
}

TEST_CASE("names are any Unicode, on one line, and turn nothing around") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    struct Case { std::string sent; std::string shown; };
    for (const auto& [sent, shown] : {Case{"\\u064a\\u0627\\u0633\\u0645\\u064a\\u0646", "\xD9\x8A\xD8\xA7\xD8\xB3\xD9\x85\xD9\x8A\xD9\x86"}, Case{"\\ud83d\\udc69\\u200d\\ud83d\\ude80", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80"},
                                      Case{"<b>Ada</b>", "<b>Ada</b>"}, Case{"A\\nda", "A da"}, Case{"Ada \\u202eevil", "Ada evil"}, Case{std::string(255, 'n'), std::string(255, 'n')}}) {
      world.service.on(kGet, {answer(200, R"({"contacts":[{"contact_id":"c7","name":")" + sent + R"(","email":"a@example.com"}]})")});
      const auto found = co_await world.provider()->contacts_at(world.call, world.mara, {"a@example.com"});
      REQUIRE(found.has_value());
      CHECK(found->contacts.at(0).contact.name == shown);
    }
  });
}

TEST_CASE("what cannot be used is left out: no address, no id, an id that is none, and what is no object") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kGet, {answer(200, R"({"contacts":[{"contact_id":"c1","name":"No address"},{"email":"a@example.com"},{"contact_id":"../c2","email":"b@example.com"},{"contact_id":"7","email":"c@example.com"},
      "text",null,{"contact_id":"c9","email":"d@example.com","user_id":"nobody"}],"invitations":null})")});
    const auto found = co_await world.provider()->contacts_at(world.call, world.mara, {"a@example.com"});
    REQUIRE(found.has_value());
    REQUIRE(found->contacts.size() == 1);
    CHECK(found->contacts[0].contact.id == ContactId{"c9"});
    CHECK(found->contacts[0].contact.user.empty());
    CHECK(found->invited.empty());
  });
}

TEST_CASE("an answer without contacts, or none that can be read, is trouble and not an empty list") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    for (const auto* body : {"{}", "[]", "null", "{\"contacts\":{}}", "<html>"}) {
      CAPTURE(std::string(body));
      world.service.on(kGet, {answer(200, body)});
      const auto found = co_await provider->contacts_at(world.call, world.mara, {"a@example.com"});
      CHECK(code_of(found) == "provider_unreachable");
      CHECK(found.error().retryable);
      CHECK(code_of(co_await provider->contacts_named(world.call, world.mara, "Ada")) == "provider_unreachable");
    }
  });
}

TEST_CASE("five thousand contacts in one answer are read, those of one name among them") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    json::array list;
    for (int n = 0; n < 5'000; ++n) {
      const auto number = std::to_string(n);
      list.push_back(json::object{{"contact_id", "c" + number}, {"user_id", "u" + number}, {"name", "Somebody with a longish name, number " + number}, {"groupid", "g318442907"}, {"online_state", "Away"},
                                  {"email", "somebody.with.a.longish.name." + number + "@example.com"}, {"profilepicture_url", "https://pictures.teamviewer.example/0192f3a0-0000-7000-8000-000000000001/[size]"},
                                  {"supported_features", "remote_control, videocall, chat, meeting"}});
    }
    world.service.on(kGet, {answer(200, boost::json::serialize(json::object{{"contacts", std::move(list)}}))});
    const auto provider = world.provider();
    const auto found = co_await provider->contacts_named(world.call, world.mara, "Somebody");
    REQUIRE(found.has_value());
    CHECK(found->size() == 5'000);
    CHECK(found->back().id == ContactId{"c4999"});
    CHECK((co_await provider->contacts_at(world.call, world.mara, {"a@example.com"}))->contacts.size() == 5'000);
  });
}

TEST_CASE("a list of addresses that is refused as malformed has one in it that is none; what is refused otherwise says nothing of them") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    struct Case { unsigned status; std::string body; std::string code; };
    for (const auto& [status, body, code] : {Case{400, R"({"error":"invalid_request","error_description":"The parameter email is malformed."})", "address_not_usable"}, Case{400, "malformed", "address_not_usable"},
                                             Case{400, R"({"error":"invalid_client"})", "provider_refused"}, Case{409, "", "provider_refused"}, Case{403, "", "provider_permission"}}) {
      CAPTURE(body);
      world.service.on(kGet, {answer(status, body)});
      CHECK(code_of(co_await provider->contacts_at(world.call, world.mara, {"ada@example.com", "bob@example.com"})) == code);
    }
    world.service.on(kGet, {answer(400, R"({"error":"invalid_request"})")});
    CHECK(code_of(co_await provider->contacts_named(world.call, world.mara, "Ada")) == "provider_refused");
  });
}

TEST_CASE("one contact is the entry of that id, whatever else the answer holds; one who is gone is not found") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    const std::string path = kGet + "/c7";
    world.service.on(path, {answer(200, R"({"contacts":[{"contact_id":"c8","name":"Other"},{"contact_id":"c7","name":"Ada","online_state":"Busy"}]})"), answer(200, R"({"contacts":[{"contact_id":"c8"}]})"),
                            answer(200, R"({"contacts":[]})"), refusal(404, "not_found")});
    CHECK((co_await provider->contact(world.call, world.mara, ContactId{"c7"}))->presence == Presence::busy);
    for (int i = 0; i < 3; ++i) CHECK(code_of(co_await provider->contact(world.call, world.mara, ContactId{"c7"})) == "not_found");
  });
}

TEST_CASE("contacts of a name are asked for by any text") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kGet, {answer(200, R"({"contacts":[{"contact_id":"c7","name":"Zo\u00eb & co"}]})")});
    const auto found = co_await world.provider()->contacts_named(world.call, world.mara, "Zo\xC3\xAB & co=1#?%");
    REQUIRE(found.has_value());
    CHECK(found->at(0).name == "Zo\xC3\xAB & co");
    CHECK(world.service.last().parameter("name") == "Zo\xC3\xAB & co=1#?%");
    CHECK_FALSE(world.service.last().parameter("email").has_value());
  });
}

TEST_CASE("what is not a contact id never reaches a path or a link") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    for (const auto* id : {"", "c", "7", "u7", "c7/../../account", "c7?x", "c7 ", "C7", "c12345678901234567890123456789"}) {
      CAPTURE(std::string(id));
      CHECK(code_of(co_await provider->contact(world.call, world.mara, ContactId{id})) == "not_found");
      CHECK(code_of(provider->launch_url(ContactId{id}, LaunchMode::chat)) == "not_found");
    }
    CHECK(world.service.seen.empty());
  });
}

// ---- launch links ----

TEST_CASE("launch links are the manual's own, on the configured address") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    const ContactId ada{"c318442907"};
    CHECK(provider->launch_url(ada, LaunchMode::chat) == "https://start.teamviewer.com/contact/c318442907/mode/chat");
    CHECK(provider->launch_url(ada, LaunchMode::call) == "https://start.teamviewer.com/contact/c318442907/authorization/prompt/mode/videocall");
    CHECK(provider->launch_url(ada, LaunchMode::control) == "https://start.teamviewer.com/contact/c318442907/authorization/prompt/mode/control");
    CHECK(provider->launch_url(ada, LaunchMode::present) == "https://start.teamviewer.com/contact/c318442907/authorization/prompt/mode/present");
    co_return;
  });
}

// ---- inviting ----

TEST_CASE("an invitation is an address, a group and the wish to invite, and nothing else") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kPost, {answer(200, R"({"contact_id":"c7","name":"Ada"})")});
    CHECK((co_await world.provider()->invite(world.call, world.mara, "ada@example.com", "g318442907")).has_value());
    CHECK(json::parse_object(world.service.last().body).value() == json::object{{"email", "ada@example.com"}, {"groupid", "g318442907"}, {"invite", true}});
    CHECK(world.service.last().header("content-type") == "application/json");
  });
}

TEST_CASE("an invitation that TeamViewer reports as a refusal went out where its words say so; every other refusal is one") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    struct Case { std::string words; bool sent; };
    for (const auto& [words, went_out] : {Case{"The contact could not be added. An invitation was sent instead.", true}, Case{"There is no such account; the Invitation has been sent.", true},
                                          Case{"The invitation could not be sent.", false}, Case{"This contact is already in the list.", false}, Case{"The parameter email is malformed.", false}}) {
      CAPTURE(words);
      world.service.on(kPost, {answer(400, R"({"error":"invalid_request","error_description":")" + words + R"(","error_code":7})")});
      const auto sent = co_await provider->invite(world.call, world.mara, "ada@example.com", "g1");
      CHECK(code_of(sent) == (went_out ? "" : "provider_refused"));
      if (sent) continue;
      CHECK(sent.error().detail.at("said").as_string() == words);
      CHECK_FALSE(sent.error().retryable);
    }
  });
}

TEST_CASE("an invitation is never sent twice by itself, and says when it may have been sent") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider();
    for (const auto& response : {answer(500, ""), answer(503, ""), answer(200, "{")}) {
      world.service.seen.clear();
      world.service.on(kPost, {response});
      const auto sent = co_await provider->invite(world.call, world.mara, "ada@example.com", "g1");
      CHECK(code_of(sent) == "provider_unreachable");
      CHECK(sent.error().detail.contains("maybe_done"));
      CHECK(world.service.seen.size() == 1);
    }
    co_await world.service.stop();
    const auto away = co_await provider->invite(world.call, world.mara, "ada@example.com", "g1");
    CHECK(code_of(away) == "provider_unreachable");
    CHECK_FALSE(away.error().detail.contains("maybe_done"));
  });
}

TEST_CASE("a token that has expired is renewed, and the invitation, which was refused, is sent once") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kToken, {answer(200, R"({"access_token":"access-2","token_type":"bearer","expires_in":7200,"refresh_token":"refresh-2"})")});
    int effects = 0;
    world.service.on(kPost, [&effects](net::Request request) {
      if (request.header("authorization") != "Bearer access-2") return testing::Service::just(refusal(401, "token_expired"));
      ++effects;
      return testing::Service::just(answer(200, R"({"contact_id":"c7"})"));
    });
    CHECK((co_await world.provider()->invite(world.call, world.mara, "ada@example.com", "g1")).has_value());
    CHECK(effects == 1);
    CHECK(world.service.count(kPost) == 2);
  });
}

TEST_CASE("what TeamViewer refuses has its name: the permission, the limit, the block, the dead link") {
  testing::run([](World& world) -> Task<void> {
    struct Case { net::Response response; const char* code; };
    for (const auto& [response, code] : {Case{refusal(403, "invalid_permission"), "provider_permission"}, Case{refusal(429, "rate_limit_reached"), "provider_rate_limited"},
                                         Case{refusal(403, "blocked"), "provider_blocked"}, Case{answer(400, "because of license limitations", "text/plain"), "licence_limit_reached"}}) {
      world.link("access-1", "refresh-1");
      world.service.on(kGet, {response});
      const auto provider = world.provider();
      CHECK(code_of(co_await provider->contacts_at(world.call, world.mara, {"a@example.com"})) == code);
    }
    world.service.on(kToken, {refusal(400, "invalid_grant")});
    world.service.on(kGet, {refusal(401, "invalid_token")});
    CHECK(code_of(co_await world.provider()->contacts_at(world.call, world.mara, {"a@example.com"})) == "link_expired");
  });
}

// ---- limits ----

TEST_CASE("calls of one function in one name never exceed the minute's, whoever asks; another function and another name have their own") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    auto other = world.stored();
    other.id = LinkId{"link-2"};
    other.account = AccountId{"712020:noor"};
    world.storage.store.put(other);
    world.service.on(kGet, {answer(200, R"({"contacts":[]})")});
    world.service.on(kGet + "/c7", {answer(200, R"({"contacts":[{"contact_id":"c7"}]})")});
    const auto provider = world.provider();
    const std::size_t most = Settings{}.calls_per_minute;
    std::optional<Milliseconds> wait;
    for (std::size_t n = 0; n < most + 20; ++n) {
      const auto found = co_await provider->contacts_at(world.call, world.mara, {"person-" + std::to_string(n) + "@example.com"});
      CHECK(found.has_value() == (n < most));
      if (!found) wait = found.error().retry_after;
      if (!found) CHECK(found.error().code == "provider_rate_limited");
      world.clock.at += Milliseconds{100};
    }
    CHECK(world.service.count(kGet) == most);
    CHECK((co_await provider->contact(world.call, world.mara, ContactId{"c7"})).has_value());
    CHECK((co_await provider->contacts_at(world.call, {.installation = world.mara.installation, .account = other.account}, {"a@example.com"})).has_value());
    REQUIRE(wait.has_value());
    world.clock.at += *wait;
    CHECK((co_await provider->contacts_at(world.call, world.mara, {"a@example.com"})).has_value());
  });
}

TEST_CASE("further tries of a call count as calls, and where the minute has no more there is none") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    const auto provider = world.provider(4);
    world.service.on(kGet, {answer(503, "")});
    CHECK(code_of(co_await provider->contacts_at(world.call, world.mara, {"ada@example.com"})) == "provider_unreachable");
    CHECK(world.service.count(kGet) == 3);
    CHECK(code_of(co_await provider->contacts_at(world.call, world.mara, {"ben@example.com"})) == "provider_unreachable");
    CHECK(world.service.count(kGet) == 4);
    CHECK(code_of(co_await provider->contacts_at(world.call, world.mara, {"cleo@example.com"})) == "provider_rate_limited");
    CHECK(world.service.count(kGet) == 4);
  });
}

TEST_CASE("a server that starts again counts from nothing: in the minute around that twice the minute's calls may go out, and never more") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kGet, {answer(200, R"({"contacts":[]})")});
    for (int run = 0; run < 2; ++run) {
      const auto provider = world.provider(5);
      for (int call = 0; call < 9; ++call) co_await provider->contacts_at(world.call, world.mara, {"ada" + std::to_string(call) + "@example.com"});
    }
    CHECK(world.service.count(kGet) == 10);
  });
}

TEST_CASE("what changes something keeps to the minute's calls, too: one more is not sent, and says when it may be; looks are another function") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    world.service.on(kPost, {answer(200, R"({"contact_id":"c7"})")});
    world.service.on(kGet, {answer(200, R"({"contacts":[]})")});
    const auto provider = world.provider(6);
    for (int n = 0; n < 6; ++n) CHECK((co_await provider->invite(world.call, world.mara, "a@example.com", "g1")).has_value());
    const auto seventh = co_await provider->invite(world.call, world.mara, "a@example.com", "g1");
    CHECK(code_of(seventh) == "provider_rate_limited");
    CHECK_FALSE(seventh.error().detail.contains("maybe_done"));
    CHECK(world.service.count(kPost) == 6);
    CHECK((co_await provider->contacts_at(world.call, world.mara, {"a@example.com"})).has_value());
    REQUIRE(seventh.error().retry_after.has_value());
    world.clock.at += *seventh.error().retry_after;
    CHECK((co_await provider->invite(world.call, world.mara, "a@example.com", "g1")).has_value());
  });
}

TEST_CASE("a limit that is lower than was thought is learned from one refusal, and then kept without another") {
  testing::run([](World& world) -> Task<void> {
    world.link("access-1", "refresh-1");
    // Six a minute.
    std::vector<Time> let_in;
    int refused = 0;
    world.service.on(kGet, [&](net::Request) {
      std::erase_if(let_in, [&](Time at) { return world.clock.at - at >= std::chrono::minutes{1}; });
      if (let_in.size() >= 6) {
        ++refused;
        return testing::Service::just(refusal(429, "rate_limit_reached"));
      }
      let_in.push_back(world.clock.at);
      return testing::Service::just(answer(200, R"({"contacts":[]})"));
    });
    const auto provider = world.provider();
    int answered = 0;
    for (int second = 0; second < 1'800; ++second) {
      const auto found = co_await provider->contacts_at(world.call, world.mara, {"person-" + std::to_string(second) + "@example.com"});
      if (found) ++answered;
      world.clock.at += std::chrono::seconds{1};
    }
    CHECK(refused == 1);
    CHECK(answered >= 30 * 5);
  });
}
