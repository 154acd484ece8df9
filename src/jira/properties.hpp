// What we write on a comment or a worklog beside its text, so that a retry finds it again: a property with our session's id. The same in Cloud and in
// Data Center.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "ports/tickets.hpp"

namespace belay::jira {

/// Its value is {"id": <session id>, "sending": <number>}.
inline constexpr std::string_view kSessionProperty = "belay.session";
inline constexpr std::string_view kWaitingProperty = "belay.waiting";
inline constexpr std::string_view kReportProperty = "belay.report";
/// Jira Service Management reads it: {"internal": true} makes the comment one for the team (docs/jira.md, "Comments").
inline constexpr std::string_view kInternalProperty = "sd.public.comment";

[[nodiscard]] std::string_view property_of(ports::CommentPurpose purpose);

/// As a new comment carries them.
[[nodiscard]] json::array properties_of(const ports::CommentDraft& draft);

/// Which sending a mark speaks of, when it is this session's. Others can write marks too: the number is held within bounds.
[[nodiscard]] std::optional<int> sending_of(const json::object& mark, const SessionId& session);

/// What an answer says of a comment; nothing when it is none. `visible_to_customer` as `jsdPublic` says.
[[nodiscard]] std::optional<ports::WrittenComment> written_comment(const json::object& comment);

/// Newest first. Jira numbers comments upwards, which orders those of one millisecond.
void sort_newest_first(std::vector<ports::WrittenComment>& comments);

/// Does a worklog carry this session's mark?
[[nodiscard]] bool carries(const json::object& worklog, const SessionId& session);

/// As Jira wants moments: milliseconds, and a zone without a colon, 2026-03-02T12:00:00.000+0000.
[[nodiscard]] std::string jira_time(Time at);

/// 400 and 413 on a comment are Jira's word on its text or its place.
[[nodiscard]] Error refused_comment(Error error);

}  // namespace belay::jira
