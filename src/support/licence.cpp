#include "support/licence.hpp"

#include <algorithm>

#include "support/code_points.hpp"

namespace belay::support {
namespace {

LicenceVerdict judge_by(const AnyPaidLicence&, const Licence& licence) {
  const bool named = !licence.type.empty() && !same_ignoring_case(trimmed(licence.type), "free");
  if (!licence.active && named) return LicenceVerdict::inactive;  // had one: what helps is to renew it, not to buy one
  if (!licence.paid) return LicenceVerdict::free;
  if (!licence.active) return LicenceVerdict::inactive;
  return LicenceVerdict::eligible;
}

LicenceVerdict judge_by(const ListedLicences& listed, const Licence& licence) {
  if (trimmed(licence.type).empty()) return LicenceVerdict::unknown;
  const bool found = std::ranges::any_of(listed.types, [&](const std::string& type) {
    return same_ignoring_case(trimmed(type), trimmed(licence.type));
  });
  if (!found) return LicenceVerdict::type_not_listed;
  return licence.active ? LicenceVerdict::eligible : LicenceVerdict::inactive;
}

}  // namespace

std::string_view to_string(LicenceVerdict verdict) {
  switch (verdict) {
    case LicenceVerdict::eligible: return "eligible";
    case LicenceVerdict::free: return "free";
    case LicenceVerdict::inactive: return "inactive";
    case LicenceVerdict::type_not_listed: return "type_not_listed";
    case LicenceVerdict::unknown: return "unknown";
  }
  return "unknown";
}

LicenceVerdict judge(const Licence& licence, const LicencePolicy& policy) {
  if (licence == Licence{}) return LicenceVerdict::unknown;
  return std::visit([&](const auto& chosen) { return judge_by(chosen, licence); }, policy);
}

}  // namespace belay::support
