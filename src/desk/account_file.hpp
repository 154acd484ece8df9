// What is kept about one account as one JSON document, a piece at a time (docs/personal-data.md, "The file"). No token and no link to a session is in
// it, and of others nothing but their ids.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ports/storage.hpp"

namespace belay::desk {

/// The parts of the document that have many rows, in their order.
enum class FilePart { sessions, entries, invited, invited_by, commented };

/// Where a piece begins: in a part, behind the row of that key. Without a key the part's first row comes.
struct FilePlace {
  FilePart part = FilePart::sessions;
  std::string key;
};
[[nodiscard]] std::string to_cursor(const FilePlace& place);
/// Empty: the beginning, head of the document included. Nothing for what no answer of ours ever said.
[[nodiscard]] std::optional<FilePlace> file_place_from(std::string_view cursor);

struct FilePiece {
  std::string text;
  std::int64_t count = 0;             ///< rows
  std::optional<FilePlace> next;      ///< absent: the document is whole
};

/// Far below what Forge lets through. Inside a unit of work.
[[nodiscard]] FilePiece account_file_piece(ports::UnitOfWork& unit, const InstallationId& installation, const AccountId& account, const ProviderName& provider, const FilePlace& place,
                                           Time made_at);

}  // namespace belay::desk
