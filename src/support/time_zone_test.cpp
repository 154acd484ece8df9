#include "support/time_zone.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace belay;
using namespace belay::support;

namespace {

Time at(std::string_view text) { return from_iso8601(text).value(); }
std::chrono::local_days day(int year, unsigned month, unsigned of_month) {
  return std::chrono::local_days{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}

TEST_CASE("a zone is one of the database, and UTC") {
  for (const auto* name : {"UTC", "Europe/Paris", "America/St_Johns", "Etc/GMT+5"}) {
    CAPTURE(name);
    CHECK(Zone::named(name));
  }
  for (const auto* name : {"", "Europe", "Europe/Atlantis", "europe/paris", "../../etc/passwd", "Europe/Paris ", "+02:00"}) {
    CAPTURE(name);
    CHECK_FALSE(Zone::named(name));
  }
}

TEST_CASE("a day begins at midnight of the place, whichever way its clocks were put that day") {
  const auto paris = Zone::named("Europe/Paris").value();
  CHECK(paris.day_of(at("2026-03-28T22:59:59.999Z")) == day(2026, 3, 28));
  CHECK(paris.day_of(at("2026-03-28T23:00:00Z")) == day(2026, 3, 29));
  CHECK(paris.begin_of(day(2026, 3, 29)) == at("2026-03-28T23:00:00Z"));
  CHECK_MESSAGE(paris.begin_of(day(2026, 3, 30)) == at("2026-03-29T22:00:00Z"), "a day of 23 hours lies before it");
  CHECK_MESSAGE(paris.begin_of(day(2026, 10, 26)) == at("2026-10-25T23:00:00Z"), "one of 25 hours");
  CHECK(Zone{}.begin_of(day(2026, 3, 29)) == at("2026-03-29T00:00:00Z"));
  CHECK(Zone{}.day_of(at("2026-03-29T23:59:59.999Z")) == day(2026, 3, 29));
}

TEST_CASE("where clocks are put forward at midnight the day begins at one o'clock; where they are put back, at the first of two midnights") {
  const auto asuncion = Zone::named("America/Asuncion").value();
  CHECK(asuncion.begin_of(day(2023, 10, 1)) == at("2023-10-01T04:00:00Z"));
  CHECK(asuncion.day_of(at("2023-10-01T03:59:59Z")) == day(2023, 9, 30));
  const auto havana = Zone::named("America/Havana").value();
  CHECK(havana.begin_of(day(2023, 11, 5)) == at("2023-11-05T04:00:00Z"));
}

TEST_CASE("any moment lies between the beginnings of its day and the next one") {
  CHECK(rc::check("days", [] {
    const auto name = *rc::gen::element<std::string>("UTC", "Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "America/Havana", "Africa/Casablanca", "Antarctica/Troll");
    const auto zone = Zone::named(name);
    RC_ASSERT(zone.has_value());
    const auto moment = from_millis(*rc::gen::inRange<std::int64_t>(0, 4'000'000'000'000));
    const auto its = zone->day_of(moment);
    RC_ASSERT(zone->begin_of(its) <= moment);
    RC_ASSERT(moment < zone->begin_of(its + std::chrono::days{1}));
  }));
}

}  // namespace
