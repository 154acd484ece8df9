// Mail addresses as they are compared: without regard to case, after Unicode normalisation, the domain in IDNA's ASCII form
// (RFC 5890 to 5892, UTS 46). "+tags" and dots are significant (docs/people.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belay::support {

/// The one form of an address, for comparing, and for asking the provider first. Nothing for what is no address, is longer than 254 bytes, or
/// cannot stand in a list that commas separate: a comma, a space, a control character.
[[nodiscard]] std::optional<std::string> normal_address(std::string_view address);

/// The address as it was written, where more than the case of ASCII letters makes it differ from its normal form: a provider that compares
/// literally may know it by this form only. Nothing where there is no normal form; whatever holds of that one holds of this.
[[nodiscard]] std::optional<std::string> written_form(std::string_view address);

}  // namespace belay::support
