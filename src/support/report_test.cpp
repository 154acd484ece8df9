#include "support/report.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace belay;
using namespace belay::support;
using std::chrono::minutes;

namespace {

const Time kNoon = *from_iso8601("2026-03-02T12:00:00Z");

Connection connection(minutes from, minutes length, std::string supporter = "Ada") {
  Connection one;
  one.start = kNoon + from;
  one.end = one.start + length;
  one.supporter = std::move(supporter);
  return one;
}

TEST_CASE("no record is a report too: nobody connected") {
  const auto report = sum_up({}, "");
  CHECK(report.nobody());
  CHECK_FALSE(report.began);
  CHECK(report_from_json(to_json(report)) == report);
}

TEST_CASE("several records of one session are one report, whatever their order") {
  auto second = connection(minutes{60}, minutes{5}, "Bo");
  second.rating = 4;
  second.customer_comment = "quick\nand kind";
  second.notes = "again";
  auto first = connection(minutes{0}, minutes{10});
  first.rating = 2;
  first.notes = "Driver old";
  const auto report = sum_up({second, first}, "Ask for the invoice");
  CHECK(report.connections == 2);
  CHECK(report.connected == minutes{15});
  CHECK(report.began == kNoon);
  CHECK(report.ended == kNoon + minutes{65});
  CHECK(report.supporters == std::vector<std::string>{"Ada", "Bo"});
  CHECK(report.notes == "Driver old\nagain\nAsk for the invoice");
  CHECK(report.rating == 4);
  CHECK(report.customer_comment == "quick and kind");
  CHECK(report_from_json(to_json(report)) == report);
}

TEST_CASE("a connection without an end counts, and lasts nothing; one that ends before it begins too") {
  auto open = connection(minutes{0}, minutes{10});
  open.end.reset();
  CHECK(sum_up({open, connection(minutes{5}, minutes{-3})}, "").connected == minutes{0});
  CHECK(is_running({open}));
}

TEST_CASE("what is typed in Belay is said once, also when the provider has it by now, and replaced there when it changes") {
  auto one = connection(minutes{0}, minutes{10});
  one.notes = with_notes("Typed there", "", "Typed here");
  CHECK(one.notes == "Typed there\nTyped here");
  CHECK(sum_up({one}, "Typed here").notes == "Typed there\nTyped here");
  CHECK(with_notes(one.notes, "Typed here", "Typed anew") == "Typed there\nTyped anew");
  CHECK(with_notes(one.notes, "Typed here", "Typed here") == one.notes);
  // Its answer was lost, so it is done once more.
  const auto longer = with_notes(one.notes, "Typed here", "Typed here and there");
  CHECK(longer == "Typed there\nTyped here and there");
  CHECK(with_notes(longer, "Typed here", "Typed here and there") == longer);
}

TEST_CASE("what is typed in Belay is only ever lines of its own: within a sentence of the supporter's it is theirs") {
  CHECK(with_notes("DNS cache flushed", "", "DNS") == "DNS cache flushed\nDNS");
  CHECK(with_notes("DNS cache flushed", "DNS", "Router restarted") == "DNS cache flushed\nRouter restarted");
  CHECK(with_notes("DNS cache flushed\r\nDNS\r\nand more", "DNS", "Router restarted") == "DNS cache flushed\r\nRouter restarted\r\nand more");
  CHECK(with_notes("No DNS\nDNS", "DNS", "") == "No DNS\n");
  auto one = connection(minutes{0}, minutes{10});
  one.notes = "DNS cache flushed";
  CHECK(sum_up({one}, "DNS").notes == "DNS cache flushed\nDNS");
  CHECK(with_notes("Typed there\nfirst\nsecond", "first", "first\nsecond") == "Typed there\nfirst\nsecond");
  CHECK(with_notes("Typed there\nfirst\nsecond", "first\nsecond", "first") == "Typed there\nfirst");
}

TEST_CASE("the looks: after two minutes, ever rarer, the last after a day") {
  std::vector<long> after;
  for (auto look = next_report_look(kNoon, kNoon); look; look = next_report_look(kNoon, *look)) after.push_back(std::chrono::duration_cast<minutes>(*look - kNoon).count());
  CHECK(after == std::vector<long>{2, 5, 15, 60, 180, 480, 1440});
}

TEST_CASE("written down once it is known: at once with records that ended, soon where nobody came, else after a day") {
  auto running = connection(minutes{0}, minutes{10});
  running.end.reset();
  const auto ready = [](std::vector<Connection> known, bool seen, minutes after) { return is_ready(known, seen, kNoon, kNoon + after); };
  CHECK(ready({connection(minutes{0}, minutes{1})}, true, minutes{2}));
  CHECK_FALSE(ready({running}, true, minutes{2}));
  CHECK(ready({running}, true, minutes{1440}));
  CHECK_FALSE(ready({}, false, minutes{14}));
  CHECK(ready({}, false, minutes{15}));
  CHECK_FALSE(ready({}, true, minutes{1439}));
  CHECK(ready({}, true, minutes{1440}));
}

TEST_CASE("property: whatever comes in whatever order, the report is the same, and survives being stored") {
  CHECK(rc::check([] {
    std::vector<Connection> known;
    const auto count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) {
      auto one = connection(minutes{*rc::gen::inRange(0, 600)} + minutes{1000 * i}, minutes{*rc::gen::inRange(-5, 90)}, *rc::gen::element<std::string>("Ada", "Bo", ""));
      if (*rc::gen::arbitrary<bool>()) one.rating = *rc::gen::inRange(0, 6);
      if (*rc::gen::inRange(0, 5) == 0) one.end.reset();
      known.push_back(one);
    }
    const auto report = sum_up(known, "");
    std::ranges::reverse(known);
    RC_ASSERT(sum_up(known, "") == report);
    RC_ASSERT(report_from_json(to_json(report)) == report);
  }));
}

}  // namespace
