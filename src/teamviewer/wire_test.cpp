#include "teamviewer/wire.hpp"

#include <doctest/doctest.h>

#include "teamviewer/ids.hpp"
#include "teamviewer/pauses.hpp"

using namespace belay;
using namespace belay::teamviewer;

namespace {

json::object parsed(std::string_view text) { return *json::parse_object(text); }

}  // namespace

TEST_CASE("an account is read with its picture in one size and its licence") {
  const auto account = account_from(parsed(R"({"userid":"u20914478","email":"mara@example.com","name":"Mara Lindqvist","company_name":"Example","profilepicture_url":"https://pictures.teamviewer.example/a-1/x/[size]",
    "license":{"version":-1,"type":"Corporate","isactive":true},"custom_field_has_paid_license":"True"})"));
  REQUIRE(account.has_value());
  CHECK(account->id.value == "u20914478");
  CHECK(account->picture == "https://pictures.teamviewer.example/a-1/x/64");
  CHECK(account->licence == support::Licence{.type = "Corporate", .active = true, .paid = true});
}

TEST_CASE("an account with hardly anything is still an account") {
  const auto account = account_from(parsed(R"({"userid":"u1"})"));
  REQUIRE(account.has_value());
  CHECK(account->email.empty());
  CHECK(account->picture.empty());
  CHECK(account->licence == support::Licence{});
  CHECK_FALSE(account_from(parsed(R"({"userid":"20914478"})")).has_value());
  CHECK_FALSE(account_from(parsed("{}")).has_value());
}

TEST_CASE("paid is the word True, else what the licences look like") {
  const auto paid = [](std::string_view text) { return account_from(parsed(text))->licence.paid; };
  CHECK(paid(R"({"userid":"u1","custom_field_has_paid_license":"true"})"));
  CHECK(paid(R"({"userid":"u1","custom_field_has_paid_license":true})"));
  CHECK_FALSE(paid(R"({"userid":"u1","license":{"type":"Corporate","isactive":true},"custom_field_has_paid_license":"False"})"));
  CHECK(paid(R"({"userid":"u1","license":{"type":"Corporate","isactive":true}})"));
  CHECK_FALSE(paid(R"({"userid":"u1","license":{"type":"Free","isactive":true}})"));
  CHECK(paid(R"({"userid":"u1","available_licenses":[{"type":"Free","isactive":false},{"type":"Premium","isactive":true}]})"));
}

TEST_CASE("a session is read in both spellings of state and dates") {
  const auto session = session_from(parsed(R"({"code":"s284-613-907","state":"open","online":true,"end_customer_link":"https://get.teamviewer.example/v15/s284613907",
    "supporter_link":"https://get.teamviewer.example/v15/s284613907-Kq7","webclient_supporter_link":"https://login.teamviewer.example/x?displayName=Zoë+B",
    "custom_api":"{\"belay\":\"0192f3a0-0000-7000-8000-000000000001\"}","created_at":"20261118T091403Z","valid_until":"2026-11-19T09:14:03Z"})"));
  REQUIRE(session.has_value());
  CHECK(session->open);
  CHECK(session->online == true);
  CHECK(session->ours == SessionId{"0192f3a0-0000-7000-8000-000000000001"});
  CHECK(session->created_at == from_iso8601("2026-11-18T09:14:03Z"));
  CHECK(session->valid_until == from_iso8601("2026-11-19T09:14:03Z"));
  CHECK(session->browser_link == "https://login.teamviewer.example/x?displayName=Zo%C3%AB+B");
}

TEST_CASE("an unknown state is not open, and one told as a number is open until it has a closing time") {
  const auto open = [](std::string_view rest) { return session_from(parsed(R"({"code":"s1-2")" + std::string(rest) + "}"))->open; };
  CHECK(open(R"(,"state":"Open")"));
  CHECK_FALSE(open(R"(,"state":"Closed")"));
  CHECK_FALSE(open(R"(,"state":"Paused")"));
  CHECK_FALSE(open(""));
  CHECK(open(R"(,"state":1)"));
  CHECK_FALSE(open(R"(,"state":1,"closed_at":"2026-11-19T09:14:03Z")"));
}

TEST_CASE("what is not ours in custom_api is nobody's") {
  for (const char* custom : {"", "x", "7", "[]", R"({\"belay\":7})", R"({\"belay\":\"1\"})", R"({\"issue\":\"HELP-1\"})", R"({\"belay\":\"0192f3a0-0000-7000-8000-00000000000g\"})"}) {
    CAPTURE(custom);
    const auto session = session_from(parsed(R"({"code":"s1-2","state":"Open","custom_api":")" + std::string(custom) + R"("})"));
    REQUIRE(session.has_value());
    CHECK_FALSE(session->ours.has_value());
  }
}

TEST_CASE("links that must not be opened are left out") {
  const auto link = [](std::string_view url) {
    json::object body{{"code", "s1-2"}, {"end_customer_link", url}};
    return session_from(body)->customer_link;
  };
  for (const char* url : {"javascript:alert(1)", "http://get.teamviewer.example/s1", "https://user@get.teamviewer.example/", "https:///x", "//get.teamviewer.example", "https://a b", "https://a\n.example", "data:text/html,x", "teamviewer10://control"}) {
    CAPTURE(url);
    CHECK(link(url).empty());
  }
  CHECK(link("http://127.0.0.1:8081/v15/s1") == "http://127.0.0.1:8081/v15/s1");
  CHECK(link("http://teamviewer.localhost:8081/v15/s1") == "http://teamviewer.localhost:8081/v15/s1");
  CHECK(link("https://get.teamviewer.example/" + std::string(3'000, 'x')).empty());
}

TEST_CASE("a draft is sent with our id, whole seconds, and texts within their limits") {
  ports::SessionDraft draft{.id = SessionId{"0192f3a0-0000-7000-8000-000000000001"}, .group_id = "g318442907", .description = {}, .customer = {.account = {}, .name = "Ana\nRuiz", .email = "ana@example.com"},
                            .valid_until = *from_iso8601("2026-11-19T09:14:03.789Z")};
  for (int i = 0; i < 10'000; ++i) draft.description += "é";
  const auto body = session_body(draft);
  CHECK(body.at("groupid") == "g318442907");
  CHECK(body.at("valid_until") == "2026-11-19T09:14:03Z");
  CHECK(body.at("custom_api") == R"({"belay":"0192f3a0-0000-7000-8000-000000000001"})");
  CHECK(body.at("description").as_string().size() == 8'000);
  CHECK(body.at("end_customer") == json::value{{"name", "Ana Ruiz"}, {"email", "ana@example.com"}});
  draft.customer = {};
  draft.description.clear();
  CHECK_FALSE(session_body(draft).contains("end_customer"));
  CHECK_FALSE(session_body(draft).contains("description"));
}

TEST_CASE("ids have strict shapes") {
  CHECK(is_session_code("s284-613-907"));
  for (const char* code : {"", "s", "s-", "284-613-907", "s284-613-907/..", "s284 613", "S284-613-907", "s284-613-", "s1?x=1"}) {
    CAPTURE(code);
    CHECK_FALSE(is_session_code(code));
  }
  CHECK(is_group_id("g1"));
  CHECK_FALSE(is_group_id("g1a"));
  CHECK_FALSE(is_token("a b"));
  CHECK_FALSE(is_token("a\r\nX: y"));
  CHECK_FALSE(is_token(""));
}

TEST_CASE("pauses double up to the longest, obey a longer wish, and start over after a success") {
  Pauses pauses{Milliseconds{10'000}, Milliseconds{30'000}};
  const auto now = from_millis(1'000'000);
  CHECK(pauses.begin("a", now, std::nullopt) == Milliseconds{10'000});
  CHECK(pauses.left("a", now + Milliseconds{4'000}) == Milliseconds{6'000});
  CHECK_FALSE(pauses.left("a", now + Milliseconds{10'000}).has_value());
  CHECK_FALSE(pauses.left("b", now).has_value());
  CHECK(pauses.begin("a", now + Milliseconds{5'000}, std::nullopt) == Milliseconds{10'000});   // of the same trouble
  auto later = now + Milliseconds{15'000};
  CHECK(pauses.begin("a", later, std::nullopt) == Milliseconds{20'000});
  later += Milliseconds{20'000};
  CHECK(pauses.begin("a", later, std::nullopt) == Milliseconds{30'000});
  later += Milliseconds{30'000};
  CHECK(pauses.begin("a", later, Milliseconds{90'000}) == Milliseconds{90'000});
  CHECK(pauses.left("a", now - Milliseconds{500'000}) == Milliseconds{90'000});
  pauses.end("a");
  CHECK(pauses.begin("a", now, std::nullopt) == Milliseconds{10'000});
}
