// What an account link is worth, and what is told of its licence.
#include "desk/link_state.hpp"

#include <doctest/doctest.h>

namespace belay::desk {
namespace {

support::Settings accepting(support::LicencePolicy policy) {
  support::Settings settings;
  settings.eligible_licences = std::move(policy);
  return settings;
}

TEST_CASE("a licence of a type that is not listed is told with the types that are, and nothing else is") {
  const auto listed = accepting(support::ListedLicences{{"Corporate", "Tensor"}});
  CHECK(licence_view(support::Licence{.type = "Premium", .active = true, .paid = true}, listed) ==
        json::object{{"eligible", false}, {"type", "Premium"}, {"reason", "type_not_listed"}, {"accepted", json::array{"Corporate", "Tensor"}}});
  CHECK(licence_view(support::Licence{.type = "corporate", .active = true, .paid = true}, listed) == json::object{{"eligible", true}, {"type", "corporate"}});
  CHECK_FALSE(licence_view(support::Licence{.type = "Tensor", .active = false, .paid = true}, listed).contains("accepted"));
  CHECK_FALSE(licence_view(support::Licence{.type = "Free", .active = true, .paid = false}, accepting(support::AnyPaidLicence{})).contains("accepted"));
}

}  // namespace
}  // namespace belay::desk
