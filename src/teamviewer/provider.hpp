// TeamViewer as the carrier of support sessions: its OAuth 2 and its Web API behind the port (docs/teamviewer.md).
#pragma once

#include "ports/connection_records.hpp"
#include "ports/contacts.hpp"
#include "ports/storage.hpp"
#include "ports/support_provider.hpp"
#include "teamviewer/link_tokens.hpp"
#include "teamviewer/oauth.hpp"
#include "teamviewer/rest.hpp"
#include "teamviewer/settings.hpp"

namespace belay::teamviewer {

/// Lives on the runtime's thread. Tokens are read and stored through LinkStore; nothing else is written.
/// Besides the errors of the port: `not_linked` when there is no such link.
class TeamViewer final : public ports::SupportProvider, public ports::Contacts, public ports::ConnectionRecords {
 public:
  /// What it is given outlives it, and it outlives the last run of `io`.
  TeamViewer(boost::asio::io_context& io, net::Client& client, ports::Storage& storage, const ports::Clock& clock, Settings settings);
  TeamViewer(const TeamViewer&) = delete;
  TeamViewer& operator=(const TeamViewer&) = delete;

  [[nodiscard]] ProviderName name() const override;
  [[nodiscard]] std::string display_name() const override;
  [[nodiscard]] ports::SessionSample sample() const override;

  [[nodiscard]] bool has(ports::Registration registration) const override;
  [[nodiscard]] std::string authorize_url(ports::Registration registration, std::string state, std::string code_challenge) const override;
  Task<Result<ports::Grant>> exchange(ports::Call call, ports::Registration registration, std::string code, std::string code_verifier) override;
  Task<Result<void>> revoke(ports::Call call, ports::Grant grant) override;
  Task<Result<ports::ProviderAccount>> account_of(ports::Call call, ports::Grant grant) override;

  Task<Result<ports::ProviderAccount>> account(ports::Call call, ports::LinkRef link) override;
  /// Asks with a refresh token that cannot exist, so nothing changes.
  Task<Result<void>> check_registration(ports::Call call, ports::Registration registration) override;
  Task<Result<void>> ping(ports::Call call, ports::LinkRef link) override;

  Task<Result<std::string>> group(ports::Call call, ports::LinkRef link, std::string name) override;

  Task<Result<ports::ProviderSession>> create_session(ports::Call call, ports::LinkRef link, ports::SessionDraft draft) override;
  Task<Result<std::vector<ports::ProviderSession>>> find_sessions(ports::Call call, ports::LinkRef link, SessionId ours) override;
  Task<Result<std::vector<ports::ProviderSession>>> open_sessions(ports::Call call, ports::LinkRef link) override;
  Task<Result<ports::ProviderSession>> session(ports::Call call, ports::LinkRef link, SessionCode code) override;
  Task<Result<void>> close_session(ports::Call call, ports::LinkRef link, SessionCode code) override;

  Task<void> prepare(ports::Call call, ports::LinkRef link) override;
  Task<Result<ports::ContactsFound>> contacts_at(ports::Call call, ports::LinkRef link, std::vector<std::string> addresses) override;
  Task<Result<support::Contact>> contact(ports::Call call, ports::LinkRef link, ContactId id) override;
  Task<Result<std::vector<support::Contact>>> contacts_named(ports::Call call, ports::LinkRef link, std::string text) override;
  Task<Result<void>> invite(ports::Call call, ports::LinkRef link, std::string address, std::string group_id) override;
  [[nodiscard]] Result<std::string> launch_url(const ContactId& contact, support::LaunchMode mode) const override;

  Task<Result<std::vector<ports::ConnectionRecord>>> of_session(ports::Call call, ports::LinkRef link, SessionCode code, Time from) override;
  Task<Result<void>> set_notes(ports::Call call, ports::LinkRef link, RecordId record, std::string notes) override;

 private:
  /// One call in the name of a link. A token that has expired is refreshed before. One that is refused is refreshed once, and the call is made once more: it was refused, so it did nothing.
  Task<Result<json::value>> ask(ports::Call call, ports::LinkRef link, Request request, Until until, ports::Registration registration = ports::Registration::base);
  Task<Result<std::optional<std::string>>> find_group(ports::Call call, ports::LinkRef link, std::string name, Until until);
  /// The same as ask() for connection records, with the grant that may read them.
  Task<Result<json::value>> ask_for_records(ports::Call call, ports::LinkRef link, Request request, Until until);

  [[nodiscard]] OAuth& oauth(ports::Registration registration) { return registration == ports::Registration::reports ? reports_oauth_ : oauth_; }
  [[nodiscard]] LinkTokens& tokens(ports::Registration registration) { return registration == ports::Registration::reports ? reports_tokens_ : tokens_; }

  Settings settings_;
  Rest rest_;
  OAuth oauth_, reports_oauth_;
  LinkTokens tokens_, reports_tokens_;
};

}  // namespace belay::teamviewer
