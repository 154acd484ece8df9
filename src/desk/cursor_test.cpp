#include "desk/cursor.hpp"

#include <doctest/doctest.h>

namespace belay::desk {
namespace {

TEST_CASE("a cursor is read as it was written, and nothing else is one") {
  const ports::Place place{.at = from_millis(1'795'262'400'123), .id = "018f0000-0000-7000-8000-000000000001"};
  const auto read = from_cursor(to_cursor(place));
  REQUIRE(read);
  CHECK(read->at == place.at);
  CHECK(read->id == place.id);
  for (const auto* wrong : {"", ".", "1", "1.x", "x.018f0000-0000-7000-8000-000000000001", "1 .018f0000-0000-7000-8000-000000000001", "99999999999999999999.018f0000-0000-7000-8000-000000000001"}) {
    CAPTURE(wrong);
    CHECK_FALSE(from_cursor(wrong));
  }
}

}  // namespace
}  // namespace belay::desk
