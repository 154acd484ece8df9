// Connection records against a TeamViewer on loopback: pages, both spellings of everything, what is left out, and the grant they are asked with.
#include <doctest/doctest.h>

#include "net/message.hpp"
#include "teamviewer/record_wire.hpp"
#include "teamviewer/testing.hpp"

using namespace belay;
using namespace belay::teamviewer;
using testing::answer;
using testing::code_of;
using testing::refusal;
using testing::World;

namespace {

constexpr const char* kRecords = "GET /api/v1/reports/connections";
constexpr const char* kToken = "POST /api/v1/oauth2/token";
const SessionCode kCode{"s284-613-907"};
const Time kMade = *from_iso8601("2026-11-18T09:14:03Z");
const std::string kFirst = "5F0C7A12-83BE-4D6A-9C41-E7702BD3A958";
const std::string kSecond = "9b31e6d4-2f58-47c0-a17d-0c86f5e2b493";

/// As the contract prints them: GUID in capitals, everything there.
std::string whole_record() {
  return R"({"id":"5F0C7A12-83BE-4D6A-9C41-E7702BD3A958","userid":"u20914478","username":"Mara Lindqvist","deviceid":"884120557","devicename":"FRONTDESK-02",
    "groupid":"g318442907","groupname":"Jira support","support_session_type":"RemoteConnection","start_date":"2026-11-18T09:21:47Z","end_date":"2026-11-18T10:01:12Z","fee":0,
    "currency":"EUR","billing_state":"DoNotBill","notes":"Driver rolled back.","session_code":"s284-613-907","feedback":{"session_rating":5,"user_comment":"Quick and friendly."}})";
}

std::string small_record(const std::string& id, const std::string& more = R"("session_code":"s284613907")") {
  return R"({"id":")" + id + R"(","start_date":"20261118T130509Z",)" + more + "}";
}

std::string page(const std::string& records, const std::string& more = {}) { return R"({"records":[)" + records + "]" + more + "}"; }

RecordsPage read(const std::string& text) {
  auto read = records_page_from(*json::parse(text), kCode);
  REQUIRE(read.has_value());
  return std::move(*read);
}

/// Mara's link, with leave to read records.
void allow(World& world, std::string access = "reports-1") {
  world.link("access-1", "refresh-1");
  auto row = world.stored();
  row.reports = ports::ReportsGrant{.grant = {.access_token = std::move(access), .refresh_token = "reports-refresh-1", .expires_at = world.clock.at + std::chrono::hours{2},
                                              .registration = ports::Registration::reports},
                                    .since = world.clock.at};
  world.storage.store.put(row);
}

std::string bearer(const net::Request& request) { return std::string(request.header("Authorization").value_or("")); }

}  // namespace

// ---- what is read ----

TEST_CASE("a whole record is read whole") {
  const auto records = read(page(whole_record())).records;
  REQUIRE(records.size() == 1);
  const auto& record = records.front();
  CHECK(record.id == RecordId{kFirst});
  CHECK(record.session_code == kCode);
  CHECK(record.user == ProviderAccountId{"u20914478"});
  CHECK(record.user_name == "Mara Lindqvist");
  CHECK(record.start == *from_iso8601("2026-11-18T09:21:47Z"));
  CHECK(record.end == from_iso8601("2026-11-18T10:01:12Z"));
  CHECK(record.notes == "Driver rolled back.");
  CHECK(record.rating == 5);
  CHECK(record.customer_comment == "Quick and friendly.");
}

TEST_CASE("a record may lack everything but id, start and code, in the other spellings too") {
  for (const std::string more : {R"("session_code":"s284613907")", R"("session_code":"s284-613-907","feedback":{})", R"("session_code":"s284-613-907","userid":"","end_date":"","notes":null,"feedback":null)",
                                 R"("session_code":"s284-613-907","userid":"20914478","end_date":"20261118T130508Z","feedback":{"session_rating":"good"})"}) {
    CAPTURE(more);
    const auto records = read(page(small_record(kSecond, more))).records;
    REQUIRE(records.size() == 1);
    CHECK(records.front().start == *from_iso8601("2026-11-18T13:05:09Z"));
    CHECK(records.front().user.empty());
    CHECK_FALSE(records.front().end);
    CHECK_FALSE(records.front().rating);
    CHECK(records.front().notes.empty());
    CHECK(records.front().customer_comment.empty());
  }
}

TEST_CASE("what is not a record of this session is left out, and the rest is read") {
  for (const auto& other : {small_record(kSecond, R"("session_code":"s999-999-999")"), small_record(kSecond, R"("username":"no code")"), small_record("../../account"), small_record(""),
                            std::string(R"({"id":"9b31e6d4-2f58-47c0-a17d-0c86f5e2b493","session_code":"s284-613-907"})"), std::string("null"), std::string("[]"), std::string(R"("x")")}) {
    CAPTURE(other);
    CHECK(read(page(other + ',' + whole_record())).records.size() == 1);
  }
}

TEST_CASE("an answer without a list of records is none") {
  for (const std::string text : {"{}", "[]", "null", R"({"records":{}})", R"({"records":null})"}) {
    CAPTURE(text);
    CHECK(code_of(records_page_from(*json::parse(text), kCode)) == "provider_unreachable");
  }
}

TEST_CASE("a page names the next one, until nothing remains") {
  CHECK(read(page("", R"(,"next_offset":"9b31e6d4-2f58-47c0-a17d-0c86f5e2b493","records_remaining":212)")).next == kSecond);
  CHECK(read(page("", R"(,"next_offset":"9b31e6d4-2f58-47c0-a17d-0c86f5e2b493")")).next == kSecond);
  for (const std::string more : {"", R"(,"next_offset":"")", R"(,"next_offset":"9b31e6d4-2f58-47c0-a17d-0c86f5e2b493","records_remaining":0)",
                                 R"(,"next_offset":"9b31e6d4-2f58-47c0-a17d-0c86f5e2b493","reports_remaining":0)"}) {
    CAPTURE(more);
    CHECK_FALSE(read(page(whole_record(), more)).next);
  }
}

TEST_CASE("of a record that comes twice, in either case of its id, one is left that knows what both say") {
  auto known = read(page(small_record("5f0c7a12-83be-4d6a-9c41-e7702bd3a958"))).records;
  merge_records(known, read(page(whole_record() + ',' + whole_record())).records);
  REQUIRE(known.size() == 1);
  CHECK(known.front().user_name == "Mara Lindqvist");
  CHECK(known.front().end == from_iso8601("2026-11-18T10:01:12Z"));
  CHECK(known.front().start == *from_iso8601("2026-11-18T09:21:47Z"));
  CHECK(known.front().rating == 5);
  merge_records(known, read(page(small_record(kSecond))).records);
  CHECK(known.size() == 2);
}

// ---- how it is asked ----

TEST_CASE("records are asked for with the grant that may read them, by code, page by page, and come earliest start first") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    world.service.on(kRecords, {answer(200, page(small_record(kSecond), R"(,"next_offset":"9b31e6d4-2f58-47c0-a17d-0c86f5e2b493","records_remaining":1)")),
                                answer(200, page(whole_record() + ',' + small_record(kSecond)))});
    const auto records = co_await world.provider()->of_session(world.call, world.mara, kCode, kMade);
    REQUIRE(records.has_value());
    REQUIRE(records->size() == 2);
    CHECK(records->front().id == RecordId{kFirst});
    CHECK(records->back().id == RecordId{kSecond});
    REQUIRE(world.service.count(kRecords) == 2);
    const auto& first = world.service.seen.front();
    CHECK(first.parameter("session_code") == "s284-613-907");
    CHECK(first.parameter("from_date") == "2026-11-18T08:14:03Z");   // an hour earlier: our clock is not theirs
    CHECK_FALSE(first.parameter("offset_id"));
    CHECK(world.service.last().parameter("offset_id") == kSecond);
    for (const auto& request : world.service.seen) CHECK(bearer(request) == "Bearer reports-1");
  });
}

TEST_CASE("a list that does not end is an error, never a part of it") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    const auto provider = world.provider();
    for (const auto& offset : {kSecond, std::string("s284-613-907")}) {
      world.service.on(kRecords, {answer(200, page(whole_record(), R"(,"next_offset":")" + offset + R"(")"))});
      CHECK(code_of(co_await provider->of_session(world.call, world.mara, kCode, kMade)) == "provider_unreachable");
    }
  });
}

TEST_CASE("notes replace those of the record") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    const auto path = "PUT /api/v1/reports/connections/" + kFirst;
    world.service.on(path, {answer(204, "")});
    const auto provider = world.provider();
    CHECK((co_await provider->set_notes(world.call, world.mara, RecordId{kFirst}, "Line one\nLine \"two\"")).has_value());
    CHECK(world.service.last().body == R"({"notes":"Line one\nLine \"two\""})");
    CHECK(bearer(world.service.last()) == "Bearer reports-1");
    world.service.on(path, {refusal(404, "not_found")});
    CHECK(code_of(co_await provider->set_notes(world.call, world.mara, RecordId{kFirst}, "x")) == "not_found");
    const auto asked = world.service.seen.size();
    CHECK(code_of(co_await provider->set_notes(world.call, world.mara, RecordId{"../account"}, "x")) == "not_found");
    CHECK(code_of(co_await provider->of_session(world.call, world.mara, SessionCode{"s1/../x"}, kMade)) == "not_found");
    CHECK(world.service.seen.size() == asked);
  });
}

TEST_CASE("without leave nothing is asked") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    CHECK(code_of(co_await provider->of_session(world.call, world.mara, kCode, kMade)) == "not_linked");
    world.link("access-1", "refresh-1");
    const auto records = co_await provider->of_session(world.call, world.mara, kCode, kMade);
    CHECK(code_of(records) == "reports_not_allowed");
    CHECK_FALSE(records.error().detail.contains("expired"));
    CHECK(code_of(co_await provider->set_notes(world.call, world.mara, RecordId{kFirst}, "x")) == "reports_not_allowed");
    CHECK(world.service.seen.empty());
  });
}

TEST_CASE("the second grant is refreshed by the second registration, stored before it is used, and the link's own tokens stay") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    world.clock.at += std::chrono::hours{3};
    world.service.on(kToken, {answer(200, R"({"access_token":"reports-2","token_type":"bearer","expires_in":7200,"refresh_token":"reports-refresh-2"})")});
    world.service.on(kRecords, [&](net::Request request) {
      CHECK(bearer(request) == "Bearer reports-2");
      CHECK(world.stored().reports->grant.refresh_token == "reports-refresh-2");
      return testing::Service::just(answer(200, page("")));
    });
    CHECK((co_await world.provider()->of_session(world.call, world.mara, kCode, kMade)).has_value());
    const auto form = net::form_decode(world.service.seen.front().body).value();
    CHECK(std::ranges::find(form, std::pair<std::string, std::string>{"client_id", "412907-reportsClientId"}) != form.end());
    CHECK(std::ranges::find(form, std::pair<std::string, std::string>{"refresh_token", "reports-refresh-1"}) != form.end());
    CHECK(world.stored().grant.access_token == "access-1");
    CHECK(world.stored().reports->grant.registration == ports::Registration::reports);
  });
}

TEST_CASE("a second grant that is refused is marked, and the link is not") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    world.service.on(kRecords, {refusal(401, "invalid_token")});
    world.service.on(kToken, {refusal(400, "invalid_grant")});
    const auto provider = world.provider();
    const auto records = co_await provider->of_session(world.call, world.mara, kCode, kMade);
    CHECK(code_of(records) == "reports_not_allowed");
    CHECK(json::bool_at(records.error().detail, "expired") == true);
    CHECK(world.stored().reports->expired);
    CHECK_FALSE(world.stored().expired);
    const auto asked = world.service.seen.size();
    CHECK(code_of(co_await provider->of_session(world.call, world.mara, kCode, kMade)) == "reports_not_allowed");
    CHECK(world.service.seen.size() == asked);
  });
}

TEST_CASE("a licence that gives no records any more, limits and trouble have the words of every other call") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    const auto provider = world.provider();
    world.service.on(kRecords, {refusal(403, "invalid_permission")});
    CHECK(code_of(co_await provider->of_session(world.call, world.mara, kCode, kMade)) == "provider_permission");
    world.service.on(kRecords, {answer(200, "{")});
    CHECK(code_of(co_await provider->of_session(world.call, world.mara, kCode, kMade)) == "provider_unreachable");
    world.service.on(kRecords, {refusal(429, "rate_limit_reached")});
    const auto limited = co_await provider->of_session(world.call, world.mara, kCode, kMade);
    CHECK(code_of(limited) == "provider_rate_limited");
    CHECK(limited.error().retry_after);
    // What limits this function limits no other.
    world.service.on("GET /api/v1/account", {answer(200, R"({"userid":"u1"})")});
    CHECK((co_await provider->account(world.call, world.mara)).has_value());
  });
}

TEST_CASE("leave that is taken back while its refresh is under way leaves nothing open at TeamViewer") {
  testing::run([](World& world) -> Task<void> {
    allow(world);
    world.clock.at += std::chrono::hours{3};
    world.service.on(kToken, [&](net::Request) {
      auto row = world.stored();
      row.reports.reset();
      world.storage.store.put(row);
      return testing::Service::just(answer(200, R"({"access_token":"reports-2","token_type":"bearer","expires_in":7200})"));
    });
    world.service.on("POST /api/v1/OAuth2/revoke", {answer(204, "")});
    CHECK(code_of(co_await world.provider()->of_session(world.call, world.mara, kCode, kMade)) == "reports_not_allowed");
    REQUIRE(world.service.count("POST /api/v1/OAuth2/revoke") == 1);
    CHECK(bearer(world.service.last()) == "Bearer reports-2");
    CHECK(world.service.count(kRecords) == 0);
  });
}

// ---- the registration ----

TEST_CASE("each registration is asked for by its own client, and gives grants that say so") {
  testing::run([](World& world) -> Task<void> {
    const auto provider = world.provider();
    CHECK(provider->has(ports::Registration::base));
    CHECK(provider->has(ports::Registration::reports));
    CHECK(provider->authorize_url(ports::Registration::base, "s", "c").contains("client_id=412907-exampleClientId"));
    CHECK(provider->authorize_url(ports::Registration::reports, "s", "c").contains("client_id=412907-reportsClientId"));
    world.service.on(kToken, {answer(200, R"({"access_token":"a","token_type":"bearer","expires_in":60,"refresh_token":"r"})")});
    for (const auto registration : {ports::Registration::base, ports::Registration::reports}) {
      const auto grant = co_await provider->exchange(world.call, registration, "code", "verifier");
      REQUIRE(grant.has_value());
      CHECK(grant->registration == registration);
    }
    CHECK(world.service.last().body.contains("client_secret=reports%26secret"));
  });
}

TEST_CASE("a grant whose access token is dead is given back by the registration that gave it") {
  testing::run([](World& world) -> Task<void> {
    world.service.on("POST /api/v1/OAuth2/revoke", {refusal(401, "token_expired"), answer(204, "")});
    world.service.on(kToken, {answer(200, R"({"access_token":"fresh","token_type":"bearer","expires_in":60})")});
    const ports::Grant grant{.access_token = "old", .refresh_token = "r", .expires_at = world.clock.at, .registration = ports::Registration::reports};
    CHECK((co_await world.provider()->revoke(world.call, grant)).has_value());
    CHECK(world.service.seen.at(1).body.contains("client_id=412907-reportsClientId"));
    CHECK(bearer(world.service.last()) == "Bearer fresh");
  });
}
