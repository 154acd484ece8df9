#include "storage/seals.hpp"

#include "storage/failure.hpp"

namespace belay::storage {
namespace {

void append_escaped(std::string& to, std::string_view part) {
  for (const char c : part) {
    if (c == '/') to += "%2F";
    else if (c == '%') to += "%25";
    else to += c;
  }
}

std::string context_of(const SealName& name) {
  std::string context{name.table};
  context.append("/").append(name.column);
  for (const auto part : name.row) {
    context += '/';
    append_escaped(context, part);
  }
  return context;
}

// "v1.<key id>." of an envelope.
std::string prefix_of(std::string_view envelope) {
  const auto version_end = envelope.find('.');
  return std::string(envelope.substr(0, envelope.find('.', version_end + 1) + 1));
}

}  // namespace

Seals::Seals(crypto::Sealer sealer) : sealer_(std::move(sealer)), fresh_prefix_(prefix_of(sealer_.seal("", "prefix"))) {}

std::string Seals::seal(std::string_view plain, const SealName& name) const { return sealer_.seal(plain, context_of(name)); }

std::string Seals::open(std::string_view sealed, const SealName& name) const {
  auto opened = sealer_.open(sealed, context_of(name));
  if (!opened) throw Failure{std::move(opened).error()};
  return std::move(*opened);
}

}  // namespace belay::storage
