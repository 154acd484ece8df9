// Connection records as TeamViewer sends them, read into the house's words. Every member but id and start may be missing, dates come in two forms,
// codes with hyphens or without, GUIDs in either case (docs/teamviewer.md, "Connection records").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "ports/connection_records.hpp"

namespace belay::teamviewer {

/// One page of GET /reports/connections.
struct RecordsPage {
  std::vector<ports::ConnectionRecord> records;   ///< those of the session; what has no code, or another one, is left out
  std::optional<std::string> next;                ///< where the next page begins; nothing: this was the last one
};

/// `provider_unreachable` when there is no list of records in it.
[[nodiscard]] Result<RecordsPage> records_page_from(const json::value& answer, const SessionCode& code);

/// Adds what `more` brings. A record that is there already stays one, and what only one of the two says is kept; the later end counts.
void merge_records(std::vector<ports::ConnectionRecord>& into, std::vector<ports::ConnectionRecord> more);

}  // namespace belay::teamviewer
