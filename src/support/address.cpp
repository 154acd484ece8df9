#include "support/address.hpp"

#include <algorithm>
#include <expected>
#include <memory>

#include <unicode/idna.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "support/code_points.hpp"

namespace belay::support {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

std::string lower_ascii(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

bool may_stand_in_a_list(std::string_view text) {
  while (!text.empty()) {
    if (const char plain = text.front(); plain > ' ' && plain < 0x7f && plain != ',') {   // of most addresses all
      text.remove_prefix(1);
      continue;
    }
    const auto point = first_code_point(text);
    if (!point.valid || point.value == U',' || point.value == U' ' || is_control(point.value) || turns_text_around(point.value)) return false;
    text.remove_prefix(point.bytes);
  }
  return true;
}

// One code point for one: the length of a text does not change.
icu::UnicodeString simply_folded(const icu::UnicodeString& text) {
  icu::UnicodeString folded;
  for (std::int32_t at = 0; at < text.length(); at = text.moveIndex32(at, 1)) folded.append(u_foldCase(text.char32At(at), U_FOLD_CASE_DEFAULT));
  return folded;
}

// NFC after folding: folding can take a text apart again.
std::optional<std::string> folded(std::string_view text) {
  if (is_ascii(text)) return lower_ascii(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::nullopt;
  auto form = nfc->normalize(icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}), status);
  form = nfc->normalize(simply_folded(form), status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string bytes;
  form.toUTF8String(bytes);
  return bytes;
}

std::optional<std::string> ascii_domain(std::string_view domain) {
  if (is_ascii(domain)) return lower_ascii(domain);
  UErrorCode status = U_ZERO_ERROR;
  static const std::unique_ptr<const icu::IDNA> idna{icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, status)};
  if (!idna) return std::nullopt;
  icu::IDNAInfo info;
  icu::UnicodeString name;
  idna->nameToASCII(icu::UnicodeString::fromUTF8({domain.data(), static_cast<std::int32_t>(domain.size())}), name, info, status);
  if (U_FAILURE(status) || info.hasErrors()) return std::nullopt;
  std::string bytes;
  name.toUTF8String(bytes);
  return bytes;
}

std::expected<std::string, AddressFault> normal_form(std::string_view address) {
  const auto text = trimmed(address);
  const auto at = text.rfind('@');
  if (text.size() > kLongestAddress) return std::unexpected(AddressFault::too_long);
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size()) return std::unexpected(AddressFault::no_address);
  if (!may_stand_in_a_list(text)) return std::unexpected(AddressFault::character);
  const auto local = folded(text.substr(0, at));
  if (!local) return std::unexpected(AddressFault::character);
  const auto domain = ascii_domain(text.substr(at + 1));
  // What IDNA makes of a domain may have an @ or a comma in it: of a wide one.
  if (!domain || domain->empty() || domain->contains('@')) return std::unexpected(AddressFault::domain);
  auto normal = *local + '@' + *domain;
  if (normal.size() > kLongestAddress) return std::unexpected(AddressFault::too_long);
  if (!may_stand_in_a_list(normal)) return std::unexpected(AddressFault::character);
  return normal;
}

}  // namespace

std::optional<AddressFault> address_fault(std::string_view address) {
  const auto form = normal_form(address);
  return form ? std::nullopt : std::optional(form.error());
}

std::optional<std::string> normal_address(std::string_view address) {
  auto form = normal_form(address);
  return form ? std::optional(std::move(*form)) : std::nullopt;
}

std::optional<std::string> as_written(std::string_view address) {
  return normal_form(address) ? std::optional(std::string(trimmed(address))) : std::nullopt;
}

std::optional<std::string> written_form(std::string_view address) {
  const auto form = normal_form(address);
  const auto text = trimmed(address);
  return form && lower_ascii(text) != *form ? std::optional(std::string(text)) : std::nullopt;
}

}  // namespace belay::support
