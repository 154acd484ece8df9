// Which provider licences may use Belay: the admin's policy against what the account shows (domain rules, "Licence").
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace belay::support {

/// What the provider said about an account's licence.
struct Licence {
  std::string type;      ///< as the provider calls it: "Corporate"; empty when it did not say
  bool active = false;
  bool paid = false;
  friend bool operator==(const Licence&, const Licence&) = default;
};

struct AnyPaidLicence { friend bool operator==(const AnyPaidLicence&, const AnyPaidLicence&) = default; };
/// Compared without regard to case and outer spaces.
struct ListedLicences { std::vector<std::string> types; friend bool operator==(const ListedLicences&, const ListedLicences&) = default; };
using LicencePolicy = std::variant<AnyPaidLicence, ListedLicences>;

enum class LicenceVerdict { eligible, free, inactive, type_not_listed, unknown };
[[nodiscard]] std::string_view to_string(LicenceVerdict verdict);

[[nodiscard]] LicenceVerdict judge(const Licence& licence, const LicencePolicy& policy);

}  // namespace belay::support
