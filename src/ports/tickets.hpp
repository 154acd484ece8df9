// The door to the issue: reading it, and writing the invitation on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "support/document.hpp"
#include "support/people.hpp"

namespace belay::ports {

struct Ticket {
  IssueId id;
  IssueKey key;
  ProjectKey project;
  ProjectId project_id = {};
  bool service_project = false;      ///< a Jira Service Management project
  std::string summary;
  std::optional<support::Person> reporter;
  std::optional<support::Person> assignee;
};

/// An issue as its customers know it, in the portal of Jira Service Management.
struct Request {
  IssueId id;
  IssueKey key;
  ProjectId project_id = {};         ///< empty where Jira does not say
};

struct CommentPage {
  struct Author {
    support::Person person;
    Time at;
    std::string restricted_to = {};  ///< the role or group that alone may read the comment; empty: whoever sees the issue
    CommentId comment = {};
  };
  std::vector<Author> authors;       ///< of each comment, newest first
  std::size_t total = 0;             ///< comments of the issue
};

/// Of a request.
struct Participants {
  std::vector<support::Person> people;
  std::optional<std::size_t> next;   ///< where those begin that were not read; nothing: there are no more
};
inline constexpr std::size_t kMostParticipants = 500;

/// What a list says of an issue.
struct Headline {
  IssueId id;
  IssueKey key;
  ProjectId project = {};
  std::string summary = {};
};

/// Of issues that were asked about. What is in neither is not there, or not for the actor to see.
struct VisibleIssues {
  std::vector<Headline> visible;
  std::vector<IssueId> unknown;      ///< Jira could not say
};

enum class Audience { customer, team };   ///< team: an internal comment (service projects only; elsewhere there is one audience)

/// Which comment of a session it is. Each is found again by a property of its own: belay.session, belay.waiting, belay.report.
enum class CommentPurpose { invitation, waiting, report };

struct CommentDraft {
  IssueId issue;
  support::Document document;
  Audience audience = Audience::customer;
  bool service_project = false;
  CommentPurpose purpose = CommentPurpose::invitation;
  SessionId session;                 ///< written with the comment as its property, so that it is found again
  int sending = 1;                   ///< written with it: an invitation that is sent again is another comment
};

struct WrittenComment {
  CommentId id;
  Time created_at;
  int sending = 1;
  std::optional<bool> visible_to_customer;   ///< what Jira says happened (jsdPublic); absent where it does not apply
};

/// Errors of all: not_found, jira_forbidden, jira_token_missing, jira_rate_limited (retryable, retry_after), jira_unreachable (retryable),
/// jira_refused_comment (detail.said). `no answer` to a write is jira_unreachable with detail.maybe_done = true.
class Tickets {
 public:
  virtual ~Tickets() = default;

  virtual Task<Result<Ticket>> ticket(Call call, Actor actor, IssueId issue) = 0;

  /// For its customers, and for whoever sees the issue. `not_found` for an issue that is no request, and for a request that the actor may not see.
  virtual Task<Result<Request>> request(Call call, Actor actor, IssueKey key) = 0;

  /// Which of these issues the actor may see, moved ones included: one call for each 100, all at once.
  virtual Task<Result<VisibleIssues>> visible_issues(Call call, Actor actor, std::vector<IssueId> issues) = 0;

  /// Who wrote comments, newest first: one page. Apps are among them.
  virtual Task<Result<CommentPage>> comment_authors(Call call, Actor actor, IssueId issue, std::size_t start, std::size_t count) = 0;
  /// Those of the comments that the actor may read now.
  virtual Task<Result<std::vector<CommentId>>> readable_comments(Call call, Actor actor, std::vector<CommentId> comments) = 0;
  /// The first page of a request's participants: one call. `not_found` for an issue that is no request, and for a request that the actor may not see.
  virtual Task<Result<Participants>> participants(Call call, Actor actor, IssueId issue) = 0;
  /// Those from `start` on, until there are kMostParticipants with those before. The deadline is for all pages together.
  virtual Task<Result<Participants>> further_participants(Call call, Actor actor, IssueId issue, std::size_t start) = 0;

  virtual Task<Result<WrittenComment>> write_comment(Call call, CommentDraft draft) = 0;

  /// Comments of the app itself that carry this session's mark for that purpose, newest first. Looks at the newest comments of the issue, back to `since`.
  virtual Task<Result<std::vector<WrittenComment>>> find_comments(Call call, IssueId issue, CommentPurpose purpose, SessionId session, Time since) = 0;

  /// Replaces the text. Nobody is notified. A comment that is gone is `not_found`.
  virtual Task<Result<void>> edit_comment(Call call, IssueId issue, CommentId comment, support::Document document) = 0;
  virtual Task<Result<void>> delete_comment(Call call, IssueId issue, CommentId comment) = 0;

  /// How the document will stand in the comment, for the admin's preview (ADF in Cloud).
  [[nodiscard]] virtual json::object preview(const support::Document& document) const = 0;
};

}  // namespace belay::ports
