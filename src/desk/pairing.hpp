// Which installations this server serves: one that an admin of its site tied to it with a one-use code (docs/pairing.md).
#pragma once

#include <string>

#include "desk/admission.hpp"
#include "desk/doors.hpp"

namespace belay::desk {

inline constexpr Milliseconds kPairingCodeLife{15 * 60'000};
inline constexpr std::size_t kMostWrongCodes = 5;
inline constexpr Milliseconds kWrongCodeWindow{3'600'000};

/// What the operator gets from `belayd pair`: 100 random bits in Crockford's base32, in groups of five.
struct PairingCode {
  std::string shown;   ///< XXXXX-XXXXX-XXXXX-XXXXX
  Time expires_at;
};

/// As people type it: lower case, spaces, missing hyphens, O for 0, I and L for 1.
[[nodiscard]] std::string normal_pairing_code(std::string_view typed);

/// "https://Acme.atlassian.net/" -> "https://acme.atlassian.net". Error `invalid_field` (field site) for anything that is no origin.
[[nodiscard]] Result<std::string> normal_site_url(std::string_view url);

class Pairing final {
 public:
  Pairing(const Doors& doors, Admission& admission) : doors_(doors), admission_(admission) {}

  /// A new code for this site. `base32` are 20 characters made of random bytes.
  Task<Result<PairingCode>> issue_code(std::string site_url, std::string base32);

  /// The schema PairingAnswer. An app that was installed anew on its site finds what was kept of it there (docs/pairing.md). Errors: pairing_code_invalid (also for another site's), pairing_code_expired, pairing_attempts_exceeded (retry_after),
  /// already_paired, unpairing (an earlier pairing is still being given back), forbidden.
  Task<Result<json::object>> pair(Caller caller, std::string code);
  Task<Result<json::object>> unpair(Caller caller);
  /// One that the configuration named, and names no more: the operator's word. Its steps are done by the server. Error: `not_found`.
  Task<Result<void>> unpair_configured(InstallationId installation);

 private:
  struct Paired { ports::Installation installation; bool anew = false; };
  Task<Result<Paired>> use_code(Caller caller, std::string site, std::string code, std::string admin_name);

  const Doors& doors_;
  Admission& admission_;
};

/// The schema Installation.
[[nodiscard]] json::object installation_view(const ports::Installation& installation);

}  // namespace belay::desk
