// What Jira's answers say of issues: the same shapes in Cloud and in Data Center, but for how a person is written.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "base/result.hpp"
#include "ports/tickets.hpp"

namespace belay::jira {

/// Reads a user as that Jira writes one; nothing when it is none.
using PersonOf = std::optional<support::Person> (*)(const json::object& user);

/// Of `?fields=summary,project,reporter,assignee`.
[[nodiscard]] std::optional<ports::Ticket> ticket_of(const json::value& body, PersonOf person_of);
/// Of `/rest/servicedeskapi/request/{key}?expand=serviceDesk`.
[[nodiscard]] std::optional<ports::Request> request_of(const json::value& body);
/// Of fields summary and project. With an empty id where it is no issue.
[[nodiscard]] ports::Headline headline_of(const json::value& body);
/// Of a page of comments; nothing when it is none.
[[nodiscard]] std::optional<ports::CommentPage> authors_of(const json::value& body, PersonOf person_of);
/// What a page of participants that began there says of people, and where the next one begins.
[[nodiscard]] Result<void> take_participants(ports::Participants& found, const json::value& body, std::size_t start, PersonOf person_of);

}  // namespace belay::jira
