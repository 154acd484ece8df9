#include "bus/in_process.hpp"

#include <doctest/doctest.h>

namespace belay::bus {
namespace {

TEST_CASE("every listener of a subject hears what is published on it, and nothing else") {
  InProcess bus;
  std::string heard;
  bus.subscribe("changed", [&](const std::string& payload) { heard += "a:" + payload + " "; });
  bus.subscribe("changed", [&](const std::string& payload) { heard += "b:" + payload + " "; });
  bus.subscribe("other", [&](const std::string&) { heard += "never"; });
  bus.publish("changed", "1");
  bus.publish("nobody", "2");
  CHECK(heard == "a:1 b:1 ");
}

TEST_CASE("a listener that subscribes another while it is told disturbs nobody") {
  InProcess bus;
  int later = 0;
  bus.subscribe("changed", [&](const std::string&) { bus.subscribe("changed", [&](const std::string&) { ++later; }); });
  bus.publish("changed", "");
  CHECK(later == 0);
  bus.publish("changed", "");
  CHECK(later == 1);
}

}  // namespace
}  // namespace belay::bus
