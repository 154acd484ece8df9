// One door for all sites: each call goes to the adapter of its installation, Jira Cloud's or Jira Data Center's.
#pragma once

#include "jira/datacenter/caller_verifier.hpp"
#include "jira/datacenter/sites.hpp"
#include "ports/account_reports.hpp"
#include "ports/caller_verifier.hpp"
#include "ports/marks.hpp"
#include "ports/permissions.hpp"
#include "ports/tickets.hpp"
#include "ports/users.hpp"

namespace belay::jira {

template <class Door>
class BySite {
 public:
  BySite(Door& cloud, Door& datacenter) : cloud_(cloud), datacenter_(datacenter) {}

 protected:
  [[nodiscard]] Door& of(const ports::Call& call) const { return datacenter::is_datacenter(call.installation) ? datacenter_ : cloud_; }
  [[nodiscard]] Door& cloud() const { return cloud_; }

 private:
  Door& cloud_;
  Door& datacenter_;
};

class TicketsBySite final : public ports::Tickets, private BySite<ports::Tickets> {
 public:
  using BySite::BySite;

  Task<Result<ports::Ticket>> ticket(ports::Call call, ports::Actor actor, IssueId issue) override { return of(call).ticket(std::move(call), std::move(actor), std::move(issue)); }
  Task<Result<ports::Request>> request(ports::Call call, ports::Actor actor, IssueKey key) override { return of(call).request(std::move(call), std::move(actor), std::move(key)); }
  Task<Result<ports::VisibleIssues>> visible_issues(ports::Call call, ports::Actor actor, std::vector<IssueId> issues) override {
    return of(call).visible_issues(std::move(call), std::move(actor), std::move(issues));
  }
  Task<Result<ports::CommentPage>> comment_authors(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start, std::size_t count) override {
    return of(call).comment_authors(std::move(call), std::move(actor), std::move(issue), start, count);
  }
  Task<Result<std::vector<CommentId>>> readable_comments(ports::Call call, ports::Actor actor, std::vector<CommentId> comments) override {
    return of(call).readable_comments(std::move(call), std::move(actor), std::move(comments));
  }
  Task<Result<ports::Participants>> participants(ports::Call call, ports::Actor actor, IssueId issue) override {
    return of(call).participants(std::move(call), std::move(actor), std::move(issue));
  }
  Task<Result<ports::Participants>> further_participants(ports::Call call, ports::Actor actor, IssueId issue, std::size_t start) override {
    return of(call).further_participants(std::move(call), std::move(actor), std::move(issue), start);
  }
  Task<Result<ports::WrittenComment>> write_comment(ports::Call call, ports::CommentDraft draft) override { return of(call).write_comment(std::move(call), std::move(draft)); }
  Task<Result<std::vector<ports::WrittenComment>>> find_comments(ports::Call call, IssueId issue, ports::CommentPurpose purpose, SessionId session, Time since) override {
    return of(call).find_comments(std::move(call), std::move(issue), purpose, std::move(session), since);
  }
  Task<Result<void>> edit_comment(ports::Call call, IssueId issue, CommentId comment, support::Document document) override {
    return of(call).edit_comment(std::move(call), std::move(issue), std::move(comment), std::move(document));
  }
  Task<Result<void>> delete_comment(ports::Call call, IssueId issue, CommentId comment) override { return of(call).delete_comment(std::move(call), std::move(issue), std::move(comment)); }
  /// The pages draw it from the one form, whatever the site writes.
  [[nodiscard]] json::object preview(const support::Document& document) const override { return cloud().preview(document); }
};

class UsersBySite final : public ports::Users, private BySite<ports::Users> {
 public:
  using BySite::BySite;

  Task<Result<support::Person>> user(ports::Call call, AccountId account) override { return of(call).user(std::move(call), std::move(account)); }
  Task<Result<support::Person>> owner_of(ports::Call call, std::string user_token) override { return of(call).owner_of(std::move(call), std::move(user_token)); }
  Task<Result<std::vector<support::Person>>> people(ports::Call call, std::vector<AccountId> accounts) override { return of(call).people(std::move(call), std::move(accounts)); }
  Task<Result<std::map<AccountId, std::string>>> addresses(ports::Call call, std::vector<AccountId> accounts) override {
    return of(call).addresses(std::move(call), std::move(accounts));
  }
  Task<Result<std::vector<std::string>>> groups(ports::Call call, AccountId account) override { return of(call).groups(std::move(call), std::move(account)); }
};

class PermissionsBySite final : public ports::Permissions, private BySite<ports::Permissions> {
 public:
  using BySite::BySite;

  Task<Result<support::JiraRights>> rights(ports::Call call, AccountId account, std::optional<IssueId> issue) override {
    return of(call).rights(std::move(call), std::move(account), std::move(issue));
  }
  Task<Result<support::JiraRights>> project_rights(ports::Call call, AccountId account, ProjectId project) override {
    return of(call).project_rights(std::move(call), std::move(account), std::move(project));
  }
  Task<Result<support::JiraRights>> service_rights(ports::Call call, AccountId account, ProjectId project) override {
    return of(call).service_rights(std::move(call), std::move(account), std::move(project));
  }
  Task<Result<std::vector<std::string>>> unknown_groups(ports::Call call, AccountId account, std::vector<std::string> names) override {
    return of(call).unknown_groups(std::move(call), std::move(account), std::move(names));
  }
};

class MarksBySite final : public ports::Marks, private BySite<ports::Marks> {
 public:
  using BySite::BySite;

  Task<Result<void>> set_property(ports::Call call, IssueId issue, std::string key, json::object value) override {
    return of(call).set_property(std::move(call), std::move(issue), std::move(key), std::move(value));
  }
  Task<Result<WorklogId>> write_worklog(ports::Call call, ports::Actor actor, ports::WorklogDraft draft) override {
    return of(call).write_worklog(std::move(call), std::move(actor), std::move(draft));
  }
  Task<Result<std::vector<WorklogId>>> find_worklogs(ports::Call call, IssueId issue, SessionId session, Time since) override {
    return of(call).find_worklogs(std::move(call), std::move(issue), std::move(session), since);
  }
  Task<Result<void>> change_worklog(ports::Call call, ports::Actor actor, WorklogId worklog, ports::WorklogDraft draft) override {
    return of(call).change_worklog(std::move(call), std::move(actor), std::move(worklog), std::move(draft));
  }
  Task<Result<void>> delete_worklog(ports::Call call, ports::Actor actor, IssueId issue, WorklogId worklog) override {
    return of(call).delete_worklog(std::move(call), std::move(actor), std::move(issue), std::move(worklog));
  }
};

/// Forge's tokens, and those of our own pages.
class CallersOfAllKinds final : public ports::CallerVerifier {
 public:
  CallersOfAllKinds(ports::CallerVerifier& forge, ports::CallerVerifier& pages) : forge_(forge), pages_(pages) {}

  Task<Result<ports::VerifiedCall>> verify(ports::CallerHeaders headers) override {
    auto& verifier = datacenter::PageCallerVerifier::is_for(headers) ? pages_ : forge_;
    return verifier.verify(std::move(headers));
  }

 private:
  ports::CallerVerifier& forge_;
  ports::CallerVerifier& pages_;
};

}  // namespace belay::jira
