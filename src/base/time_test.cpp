#include "base/time.hpp"

#include <doctest/doctest.h>

using namespace belay;

TEST_CASE("the forms that Jira and TeamViewer send are one instant") {
  const auto time = from_iso8601("2026-11-18T09:14:03Z");
  REQUIRE(time);
  for (const auto* text : {"20261118T091403Z", "2026-11-18T10:14:03+01:00", "2026-11-18T10:14:03.000+0100", "2026-11-17T19:14:03-14:00", "2026-11-18T09:14:03.000999Z"}) {
    CHECK_MESSAGE(from_iso8601(text) == time, text);
  }
  CHECK(to_iso8601(*time) == "2026-11-18T09:14:03Z");
  CHECK(to_iso8601(*time + Milliseconds{7}) == "2026-11-18T09:14:03.007Z");
  CHECK(to_iso8601_millis(*time) == "2026-11-18T09:14:03.000Z");
  CHECK(to_iso8601_millis(*time + Milliseconds{7}) == "2026-11-18T09:14:03.007Z");
}

TEST_CASE("what is no time, or half of one, is nothing") {
  for (const auto* text : {"", "2026-11-18", "2026-11-18T09:14:03", "2026-02-30T09:14:03Z", "2026-11-18T24:00:00Z", "2026-11-18T09:14:03.Z", "2026-11-18T09:14:03+15:00", "2026-11-18T09:14:03Z "}) {
    CHECK_FALSE_MESSAGE(from_iso8601(text), text);
  }
}

TEST_CASE("an instant whose year has no four digits is none") {
  CHECK(from_iso8601("0000-01-01T00:00:00Z"));
  CHECK(from_iso8601("9999-12-31T23:59:59.999Z"));
  CHECK_FALSE(from_iso8601("0000-01-01T00:00:00+01:00"));
  CHECK_FALSE(from_iso8601("9999-12-31T23:59:59-01:00"));
  CHECK_FALSE(from_iso8601("9999-12-31T23:59:60Z"));
}
