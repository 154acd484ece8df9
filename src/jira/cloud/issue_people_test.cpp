// People over the wire: who wrote comments, who takes part, what Jira says about accounts and what it gives to the app alone.
#include <algorithm>
#include <set>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include "jira/cloud/testing.hpp"
#include "jira/cloud/tickets.hpp"
#include "jira/cloud/users.hpp"

using namespace belay;
using namespace belay::jira::cloud;
using namespace belay::jira::cloud::testing;

namespace {

const IssueId kIssue{"10001"};
constexpr const char* kComments = "/rest/api/3/issue/10001/comment";
constexpr const char* kParticipants = "/rest/servicedeskapi/request/10001/participant";
constexpr const char* kBulk = "/rest/api/3/user/bulk";
constexpr const char* kEmails = "/rest/api/3/user/email/bulk";

json::object user(std::string id, std::string name = "Somebody") { return {{"accountId", id}, {"accountType", "atlassian"}, {"displayName", name}, {"active", true}}; }

json::object page_of_participants(int first, int count, bool last) {
  json::array values;
  for (int n = first; n < first + count; ++n) values.push_back(user("p" + std::to_string(n)));
  return {{"size", count}, {"start", first}, {"limit", 50}, {"isLastPage", last}, {"values", std::move(values)}};
}

struct Desk : World {
  CloudTickets tickets{rest};
  CloudUsers users{rest};

  Result<ports::CommentPage> authors(std::size_t start = 0, std::size_t count = 100) { return wait_for(tickets.comment_authors(call(), ports::AsApp{}, kIssue, start, count)); }
  Result<ports::Participants> first_page() { return wait_for(tickets.participants(call(), ports::AsApp{}, kIssue)); }
  /// All of them, as a panel gets them: the first page, then the rest.
  Result<ports::Participants> participants() { return participants(call()); }
  Result<ports::Participants> participants(ports::Call within) {
    auto all = first_page();
    if (!all || !all->next) return all;
    auto rest = wait_for(tickets.further_participants(std::move(within), ports::AsApp{}, kIssue, *all->next));
    if (!rest) return rest;
    std::ranges::move(rest->people, std::back_inserter(all->people));
    all->next = rest->next;
    return all;
  }
  Result<std::vector<support::Person>> people(std::vector<std::string> ids) { return wait_for(users.people(call(), accounts(ids))); }
  Result<std::map<AccountId, std::string>> addresses(std::vector<std::string> ids) { return wait_for(users.addresses(call(), accounts(ids))); }

  // The page of participants that begins there.
  void participants_from(int start, int count, bool last) {
    jira.on("GET", std::string(kParticipants) + "?limit=50&start=" + std::to_string(start), {answer(200, page_of_participants(start, count, last))});
  }
  void many_take_part(int count, bool more) {
    for (int start = count - 50; start >= 0; start -= 50) participants_from(start, 50, start + 50 == count && !more);   // "start=50" is the beginning of others too
  }
  [[nodiscard]] std::set<std::string> starts() const {
    std::set<std::string> all;
    for (const auto& request : jira.asked) all.emplace(request.parameter("start").value_or(""));
    return all;
  }

  static std::vector<AccountId> accounts(const std::vector<std::string>& ids) {
    std::vector<AccountId> all;
    for (const auto& id : ids) all.push_back(AccountId{id});
    return all;
  }
};

std::vector<std::string> many(std::size_t count) {
  std::vector<std::string> ids;
  for (std::size_t n = 0; n < count; ++n) ids.push_back("712020:" + std::to_string(1'000 + n));
  return ids;
}

// The accounts that a request asks for.
std::vector<std::string> asked_for(const net::Request& request) {
  std::vector<std::string> ids;
  for (const auto& [name, value] : request.query) {
    if (name == "accountId") ids.push_back(value);
  }
  return ids;
}

Task<void> later(boost::asio::io_context& io, Milliseconds time) {
  boost::asio::steady_timer timer{io, time};
  co_await timer.async_wait(boost::asio::use_awaitable);
}

std::string code(const auto& result) { return result ? std::string("none") : result.error().code; }

}  // namespace

// ---- comments ----

TEST_CASE("a page of comments gives who wrote them and when, newest first, and how many there are") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"startAt":100,"maxResults":100,"total":5000,"comments":[
    {"id":"9","author":{"accountId":"a1","displayName":"Ann","accountType":"atlassian","active":true,"emailAddress":"ann@example.com","timeZone":"Europe/Paris","avatarUrls":{"48x48":"https://pictures.example/a"}},
      "created":"2027-01-15T09:00:00.120+0100","body":{"type":"doc","version":1,"content":[]}},
    {"id":"8","author":{"accountId":"bot","accountType":"app","displayName":"Automation"},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto page = desk.authors(100).value();
  CHECK(page.total == 5'000);
  REQUIRE(page.authors.size() == 2);
  CHECK(page.authors[0].person == support::Person{.id = AccountId{"a1"}, .name = "Ann", .picture = "https://pictures.example/a", .time_zone = "Europe/Paris", .language = {}, .address = "ann@example.com",
                                                  .active = true, .app = false});
  CHECK(to_iso8601(page.authors[0].at) == "2027-01-15T08:00:00.120Z");
  CHECK(page.authors[1].person.app);
  REQUIRE(desk.jira.asked.size() == 1);
  CHECK(desk.jira.asked[0].parameter("orderBy") == "-created");
  CHECK(desk.jira.asked[0].parameter("startAt") == "100");
  CHECK(desk.jira.asked[0].parameter("maxResults") == "100");
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer app-token");
}

TEST_CASE("comments are read with the rights of whoever asks") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":0,"comments":[]})"))});
  CHECK(desk.wait_for(desk.tickets.comment_authors(desk.call(), ports::AsUser{desk.agent}, kIssue, 0, 100)).has_value());
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer user-token");
  CHECK(code(desk.wait_for(desk.tickets.comment_authors(desk.call(), ports::AsUser{AccountId{"nobody"}}, kIssue, 0, 100))) == "jira_token_missing");
}

TEST_CASE("a comment of nobody, by a deleted account, or without a time takes nobody else along") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":6,"comments":[{"id":"1","created":"2027-01-15T08:00:00.000+0000"},{"id":"2","author":null,"created":"2027-01-15T08:00:00.000+0000"},
    {"id":"3","author":{"displayName":"Former user"},"created":"2027-01-15T08:00:00.000+0000"},{"id":"6","author":{"accountId":"unknown","displayName":"Former user"},"created":"2027-01-15T08:00:00.000+0000"},{"id":"4","author":{"accountId":"a4"},"created":"yesterday"},"text",
    {"id":"5","author":{"accountId":"a5","displayName":null,"emailAddress":null},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto page = desk.authors().value();
  REQUIRE(page.authors.size() == 1);
  CHECK(page.authors[0].person.id == AccountId{"a5"});
  CHECK(page.authors[0].person.name.empty());
  CHECK(page.total == 6);
}

TEST_CASE("a restricted comment says by whom it may be read, and which it is") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":2,"comments":[
    {"id":"9","author":{"accountId":"a1"},"created":"2027-01-15T09:00:00.000+0000","visibility":{"type":"role","value":"Administrators","identifier":"10002"}},
    {"id":"8","author":{"accountId":"a2"},"created":"2027-01-15T08:00:00.000+0000"}]})"))});
  const auto page = desk.authors().value();
  REQUIRE(page.authors.size() == 2);
  CHECK(page.authors[0].restricted_to == "role:10002");
  CHECK(page.authors[0].comment == CommentId{"9"});
  CHECK(page.authors[1].restricted_to.empty());
}

TEST_CASE("comments that the caller may not read are missing in the answer, and asked for with the caller's own token") {
  Desk desk;
  desk.jira.on("POST", "/rest/api/3/comment/list", {answer(200, std::string(R"({"values":[{"id":"9"},{"id":"11"},{"id":"12"},{"id":""},7]})")), answer(200, std::string("{}")), answer(503, std::string())});
  const auto ask = [&](std::vector<CommentId> ids) { return desk.wait_for(desk.tickets.readable_comments(desk.call(), ports::AsUser{desk.agent}, std::move(ids))); };
  CHECK(ask({CommentId{"9"}, CommentId{"10"}, CommentId{"11"}, CommentId{"x"}}).value() == std::vector{CommentId{"9"}, CommentId{"11"}});
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer user-token");
  CHECK(desk.jira.asked[0].body == R"({"ids":[9,10,11]})");
  CHECK(code(ask({CommentId{"9"}})) == "jira_unreachable");
  CHECK(code(ask({CommentId{"8"}})) == "jira_unreachable");
  const auto asked = desk.jira.asked.size();
  CHECK(ask({CommentId{"x"}}).value().empty());
  CHECK(desk.jira.asked.size() == asked);
}

TEST_CASE("an answer without comments is trouble, an issue that is gone is not found, and what Jira refuses has its name") {
  Desk desk;
  desk.jira.on("GET", kComments, {answer(200, std::string(R"({"total":3})")), answer(200, std::string("[]")), answer(404, std::string("{}")), answer(403, std::string("{}"))});
  CHECK(code(desk.authors()) == "jira_unreachable");
  CHECK(code(desk.authors()) == "jira_unreachable");
  CHECK(code(desk.authors()) == "not_found");
  CHECK(code(desk.authors()) == "jira_forbidden");
}

TEST_CASE("a page of a hundred long comments is read") {
  Desk desk;
  json::array comments;
  for (int n = 0; n < 100; ++n) {
    comments.push_back(json::object{{"id", std::to_string(n)}, {"author", user("a" + std::to_string(n))}, {"created", "2027-01-15T08:00:00.000+0000"},
                                    {"body", json::object{{"type", "doc"}, {"version", 1}, {"content", json::array{json::object{{"type", "paragraph"}, {"content", json::array{json::object{{"type", "text"}, {"text", std::string(32'767, 'x')}}}}}}}}}});
  }
  desk.jira.on("GET", kComments, {answer(200, json::object{{"total", 100}, {"comments", std::move(comments)}})});
  CHECK(desk.authors().value().authors.size() == 100);
}

// ---- participants ----

TEST_CASE("the first page of participants is one call, and says whether there are more") {
  Desk desk;
  desk.many_take_part(100, false);
  const auto first = desk.first_page();
  REQUIRE(first);
  CHECK(first->people.size() == 50);
  CHECK(first->next == std::size_t{50});
  CHECK(desk.jira.asked.size() == 1);
}

TEST_CASE("participants are read page by page until the last") {
  Desk desk;
  json::array first;
  for (int n = 0; n < 50; ++n) first.push_back(user("p" + std::to_string(n)));
  desk.jira.on("GET", kParticipants, {answer(200, json::object{{"size", 50}, {"start", 0}, {"limit", 50}, {"isLastPage", false}, {"values", std::move(first)}}),
                                      answer(200, json::object{{"size", 1}, {"start", 50}, {"limit", 50}, {"isLastPage", true}, {"values", json::array{user("p50")}}})});
  CHECK(desk.participants().value().people.size() == 51);
  CHECK(desk.starts() == std::set<std::string>{"0", "50", "100"});   // whether there is a third is not known when the second is asked for
}

TEST_CASE("a page that holds fewer than was asked for is followed by what comes behind it") {
  Desk desk;
  desk.jira.on("GET", kParticipants, {answer(200, json::object{{"size", 2}, {"start", 0}, {"limit", 2}, {"isLastPage", false}, {"values", json::array{user("p0"), user("p1")}}}),
                                      answer(200, json::object{{"size", 1}, {"start", 2}, {"limit", 2}, {"isLastPage", true}, {"values", json::array{user("p2")}}})});
  CHECK(desk.participants().value().people.size() == 3);
  CHECK(desk.jira.asked[1].parameter("start") == "2");
}

TEST_CASE("somebody on a page who is nobody to us still counts for where the next page begins") {
  Desk desk;
  desk.jira.on("GET", kParticipants, {answer(200, json::object{{"isLastPage", false}, {"values", json::array{user("p0"), json::object{{"displayName", "Nobody"}}, 7}}}),
                                      answer(200, json::object{{"isLastPage", true}, {"values", json::array{user("p1")}}})});
  CHECK(desk.participants().value().people.size() == 2);
  CHECK(desk.jira.asked[1].parameter("start") == "3");
}

TEST_CASE("a participant is a person also in the words of Service Management, which have neither account type nor pictures") {
  Desk desk;
  desk.jira.on("GET", kParticipants, {answer(200, std::string(R"({"isLastPage":true,"values":[{"accountId":"qm:a1","emailAddress":null,"displayName":"Hana","active":true,"timeZone":"Asia/Tokyo",
    "_links":{"jiraRest":"https://site.example/rest/api/2/user?accountId=qm:a1","avatarUrls":{"48x48":"https://pictures.example/h"},"self":"https://site.example/x"}}]})"))});
  const auto people = desk.participants().value().people;
  REQUIRE(people.size() == 1);
  CHECK(people[0].id == AccountId{"qm:a1"});
  CHECK(people[0].name == "Hana");
  CHECK(people[0].address.empty());
}

TEST_CASE("an issue that is no request is not found, and pages without end are left after a while") {
  Desk desk;
  desk.jira.on("GET", kParticipants, {answer(404, std::string(R"({"errorMessage":"no request"})")), answer(200, json::object{{"isLastPage", false}, {"values", json::array{user("p1")}}})});
  CHECK(code(desk.participants()) == "not_found");
  CHECK(desk.participants().has_value());
  CHECK(desk.jira.asked.size() <= 21);
}

TEST_CASE("the further pages of participants are asked for in rounds, each twice as large as the one before, in the time of one call") {
  for (const int enough : {500, 150}) {
    CAPTURE(enough);
    Desk desk;
    desk.many_take_part(500, false);
    desk.jira.before_answer = [&] { return later(desk.runtime.io(), Milliseconds{100}); };
    auto call = desk.call();
    call.deadline = Milliseconds{enough};
    const auto found = desk.participants(call);
    CHECK(code(found) == (enough == 500 ? "none" : "jira_unreachable"));   // three rounds of 100 ms
    if (enough != 500) CHECK(desk.jira.asked.size() < 10);
  }
}

TEST_CASE("five hundred participants are read, and it is told where there are more") {
  for (const bool more : {false, true}) {
    CAPTURE(more);
    Desk desk;
    desk.many_take_part(500, more);
    const auto found = desk.participants();
    REQUIRE(found);
    CHECK(found->people.size() == 500);
    CHECK(found->next.has_value() == more);
    CHECK(desk.jira.asked.size() == 10);
    std::set<std::string> ids;
    for (const auto& person : found->people) ids.insert(person.id.value);
    CHECK(ids.size() == 500);
  }
}

TEST_CASE("a page of participants that is shorter than it should be, in the middle, loses nobody behind it") {
  Desk desk;
  // The server gives 30 a page at most, whatever it is asked for.
  for (int start = 99; start >= 0; --start) desk.participants_from(start, std::min(30, 100 - start), start + 30 >= 100);
  const auto found = desk.participants();
  REQUIRE(found);
  CHECK(found->people.size() == 100);
  CHECK_FALSE(found->next);
}

// ---- people ----

TEST_CASE("people are asked for ninety at a time, all at once, and an address is what the profile shows") {
  Desk desk;
  desk.jira.on("GET", kBulk, {answer(200, std::string(R"({"isLast":true,"values":[{"accountId":"a1","displayName":"Ann","emailAddress":"Ann@Example.com","active":false,"accountType":"customer","locale":"fr_FR"},
    {"accountId":"a2","displayName":"Bot","accountType":"app","emailAddress":null},{"accountId":""},{"displayName":"nobody"},7]})"))});
  const auto people = desk.people(many(200)).value();
  REQUIRE(desk.jira.asked.size() == 3);
  std::set<std::string> ids;
  for (const auto& request : desk.jira.asked) {
    const auto asked = asked_for(request);
    CHECK(asked.size() <= 90);
    ids.insert(asked.begin(), asked.end());
    CHECK(request.target.size() < 8'000);
    CHECK(request.header("Authorization") == "Bearer app-token");
  }
  CHECK(ids.size() == 200);
  REQUIRE(people.size() == 6);
  CHECK(people[0] == support::Person{.id = AccountId{"a1"}, .name = "Ann", .picture = {}, .time_zone = {}, .language = "fr_FR", .address = "Ann@Example.com", .active = false, .app = false});
  CHECK(people[1].app);
}

TEST_CASE("nobody to ask for is no question") {
  Desk desk;
  CHECK(desk.people({}).value().empty());
  CHECK(desk.addresses({}).value().empty());
  CHECK(desk.jira.asked.empty());
}

TEST_CASE("ids are written so that they stay one parameter") {
  Desk desk;
  desk.jira.on("GET", kBulk, {answer(200, std::string(R"({"values":[]})"))});
  CHECK(desk.people({"qm:7c1e&x=1", "a b#?"}).has_value());
  CHECK(asked_for(desk.jira.asked[0]) == std::vector<std::string>{"qm:7c1e&x=1", "a b#?"});
}

TEST_CASE("who is deleted is left out of the answer") {
  Desk desk;
  desk.jira.on("GET", kBulk, {answer(200, json::object{{"values", json::array{user("a1")}}})});
  const auto people = desk.people({"a1", "deleted"}).value();
  REQUIRE(people.size() == 1);
  CHECK(people[0].id == AccountId{"a1"});
}

TEST_CASE("an answer that is not the last page does not make the rest look deleted") {
  Desk desk;
  desk.jira.on("GET", kBulk, {answer(200, json::object{{"isLast", false}, {"maxResults", 1}, {"startAt", 0}, {"total", 2}, {"values", json::array{user("a1")}}}),
                              answer(200, json::object{{"isLast", true}, {"maxResults", 1}, {"startAt", 1}, {"total", 2}, {"values", json::array{user("a2")}}})});
  const auto people = desk.people({"a1", "a2"});
  CHECK((!people || people->size() == 2));
}

TEST_CASE("one batch that fails is a failure: nobody is taken for deleted because of it") {
  Desk desk;
  desk.jira.on("GET", std::string(kBulk) + "?accountId=712020%3A1090", {answer(404, std::string("{}"))});
  desk.jira.on("GET", kBulk, {answer(200, std::string(R"({"values":[]})"))});
  CHECK(code(desk.people(many(100))) == "not_found");
}

TEST_CASE("pictures come over the web or not at all") {
  Desk desk;
  json::array values;
  for (const auto* url : {"https://pictures.example/a", "http://pictures.example/a", "javascript:alert(1)", "data:image/svg+xml,<svg/>", "//pictures.example/a", "http://jira.localhost:8080/a", "http://evil.example/.localhost", "https://", "https://pictures.example/a b\n"}) {
    values.push_back(json::object{{"accountId", "a"}, {"avatarUrls", json::object{{"48x48", url}}}});
  }
  desk.jira.on("GET", kBulk, {answer(200, json::object{{"values", std::move(values)}})});
  std::vector<std::string> pictures;
  for (const auto& person : desk.people({"a"}).value()) pictures.push_back(person.picture);
  CHECK(pictures == std::vector<std::string>{"https://pictures.example/a", "", "", "", "", "http://jira.localhost:8080/a", "", "", ""});
}

// ---- addresses of the app ----

TEST_CASE("what Jira gives to the app alone is asked with the app's token, ninety at a time; null and nothing are none") {
  Desk desk;
  desk.jira.on("GET", kEmails, {answer(200, std::string(R"([{"accountId":"a1","email":"ann@example.com"},{"accountId":"a2","email":null},{"accountId":"a3","email":""},{"accountId":"a4"},{"email":"who@example.com"},{"accountId":"","email":"who@example.com"},"x"])"))});
  const auto addresses = desk.addresses(many(91)).value();
  CHECK(desk.jira.asked.size() == 2);
  CHECK(desk.jira.asked[0].header("Authorization") == "Bearer app-token");
  CHECK(addresses == std::map<AccountId, std::string>{{AccountId{"a1"}, "ann@example.com"}});
}

TEST_CASE("a scope that was not granted is forbidden, as Jira says it") {
  Desk desk;
  desk.jira.on("GET", kEmails, {answer(403, std::string("{}"))});
  const auto addresses = desk.addresses({"a1"});
  CHECK(code(addresses) == "jira_forbidden");
  CHECK_FALSE(addresses.error().retryable);
}

TEST_CASE("the other words that Atlassian has for it, and trouble, keep their own names; nothing that was asked for stands in the cause") {
  Desk desk;
  struct Case { unsigned status; const char* code; };
  for (const auto& [status, expected] : {Case{401, "jira_token_missing"}, Case{400, "jira_refused"}, Case{503, "jira_unreachable"}}) {
    Desk fresh;
    fresh.jira.on("GET", kEmails, {answer(status, std::string(R"({"code":401,"message":"Unauthorized; scope does not match"})"))});
    const auto addresses = fresh.addresses({"712020:secret-id"});
    CHECK(code(addresses) == expected);
    CHECK_FALSE(addresses.error().cause.contains("secret-id"));
  }
  desk.jira.on("GET", kEmails, {answer(200, std::string(R"({"a1":"ann@example.com"})"))});
  CHECK(code(desk.addresses({"a1"})) == "jira_unreachable");
}
