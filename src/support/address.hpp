// Mail addresses as they are compared: without regard to case, after Unicode normalisation, the domain in IDNA's ASCII form
// (RFC 5890 to 5892, UTS 46). "+tags" and dots are significant (docs/people.md). Case is Unicode's simple folding, one letter for one letter
// (CaseFolding.txt, status C and S): the full one would make "ss" of "ß", which are two mailboxes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace belay::support {

/// Why something is no address that can be used.
enum class AddressFault {
  no_address,   ///< nothing before an @ and something behind it
  too_long,     ///< more than kLongestAddress
  character,    ///< a comma, a space, a control character: it has to stand in a list that commas separate
  domain,       ///< none that IDNA allows
};
/// In bytes: RFC 5321 4.5.3.1, without the angle brackets.
inline constexpr std::size_t kLongestAddress = 254;
[[nodiscard]] std::optional<AddressFault> address_fault(std::string_view address);

/// The one form of an address, for comparing, and for asking the provider first; nobody is written to in it. Nothing where there is a fault.
[[nodiscard]] std::optional<std::string> normal_address(std::string_view address);

/// The address as it was written, without the space around it: what is invited, and shown. Nothing where there is a fault.
[[nodiscard]] std::optional<std::string> as_written(std::string_view address);

/// The same, where more than the case of ASCII letters makes it differ from its normal form: a provider that compares
/// literally may know it by this form only. Nothing where there is no normal form; whatever holds of that one holds of this.
[[nodiscard]] std::optional<std::string> written_form(std::string_view address);

}  // namespace belay::support
