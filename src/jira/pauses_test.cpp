#include "jira/pauses.hpp"

#include <doctest/doctest.h>

using namespace belay;
using namespace belay::jira;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const Time kNow{seconds{1'800'000'000}};

Limited read_of(std::string endpoint, std::string installation = "i-1") { return {.installation = InstallationId{std::move(installation)}, .endpoint = std::move(endpoint), .written_issue = {}}; }
Limited write_to(std::string issue) { return {.installation = InstallationId{"i-1"}, .endpoint = "POST comment", .written_issue = std::move(issue)}; }

net::OutboundResponse told(std::initializer_list<net::Headers::value_type> headers) { return {.status = 429, .headers = net::Headers(headers), .body = {}}; }

}  // namespace

TEST_CASE("a burst pauses its endpoint on its site, and nothing else") {
  Pauses pauses;
  CHECK(pauses.remember(read_of("GET issue"), told({{"Retry-After", "7"}, {"RateLimit-Reason", "jira-burst-based"}}), kNow) == seconds{7});
  CHECK(pauses.left(read_of("GET issue"), kNow) == seconds{7});
  CHECK(pauses.left(read_of("GET issue"), kNow + seconds{6}) == seconds{1});
  CHECK_FALSE(pauses.left(read_of("GET issue"), kNow + seconds{7}).has_value());
  CHECK_FALSE(pauses.left(read_of("GET user"), kNow).has_value());
  CHECK_FALSE(pauses.left(read_of("GET issue", "i-2"), kNow).has_value());
}

TEST_CASE("too many writes on an issue pause writes on that issue, by any endpoint") {
  Pauses pauses;
  pauses.remember(write_to("10001"), told({{"Retry-After", "20"}, {"RateLimit-Reason", "jira-per-issue-on-write"}}), kNow);
  CHECK(pauses.left(write_to("10001"), kNow) == seconds{20});
  auto edit = write_to("10001");
  edit.endpoint = "PUT comment";
  CHECK(pauses.left(edit, kNow) == seconds{20});
  CHECK_FALSE(pauses.left(write_to("10002"), kNow).has_value());
  CHECK_FALSE(pauses.left(read_of("GET issue"), kNow).has_value());
}

TEST_CASE("a spent quota pauses the whole app on that site, a global one everywhere") {
  Pauses pauses;
  pauses.remember(read_of("GET issue"), told({{"Retry-After", "60"}, {"RateLimit-Reason", "jira-quota-tenant-based"}}), kNow);
  CHECK(pauses.left(read_of("GET user"), kNow) == seconds{60});
  CHECK(pauses.left(write_to("10001"), kNow) == seconds{60});
  CHECK_FALSE(pauses.left(read_of("GET user", "i-2"), kNow).has_value());
  pauses.remember(read_of("GET issue"), told({{"Retry-After", "30"}, {"RateLimit-Reason", "jira-quota-global-based"}}), kNow);
  CHECK(pauses.left(read_of("GET user", "i-2"), kNow) == seconds{30});
}

TEST_CASE("without Retry-After the reset headers count, and without them five seconds") {
  Pauses pauses;
  const auto pause = [&](std::initializer_list<net::Headers::value_type> headers) { return pauses.remember(read_of("GET issue"), told(headers), kNow); };
  CHECK(pause({{"X-RateLimit-Reset", "2027-01-15T08:00:42Z"}}) == seconds{42});
  CHECK(pause({{"X-Beta-RateLimit-Reset", "1800000090"}}) == seconds{90});
  CHECK(pause({{"X-RateLimit-Reset", "33"}}) == seconds{33});
  CHECK(pause({{"Beta-RateLimit", R"("tenant-app-quota";r=0;t=120)"}}) == seconds{120});
  CHECK(pause({}) == kPauseWhenUnsaid);
  CHECK(pause({{"X-RateLimit-Reset", "soon"}}) == kPauseWhenUnsaid);
  CHECK(pause({{"Retry-After", "5"}, {"X-RateLimit-Reset", "600"}}) == seconds{5});
}

TEST_CASE("no pause is shorter than a second or longer than an hour, and a later shorter one does not cut an earlier one") {
  Pauses pauses;
  CHECK(pauses.remember(read_of("GET a"), told({{"X-RateLimit-Reset", "2020-01-01T00:00:00Z"}}), kNow) == seconds{1});
  CHECK(pauses.remember(read_of("GET b"), told({{"X-RateLimit-Reset", "999999"}}), kNow) == minutes{60});
  pauses.remember(read_of("GET c"), told({{"Retry-After", "50"}}), kNow);
  pauses.remember(read_of("GET c"), told({{"Retry-After", "2"}}), kNow);
  CHECK(pauses.left(read_of("GET c"), kNow) == seconds{50});
}
