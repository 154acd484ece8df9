// The door to the agent's contact list at the provider: who can be reached now, inviting, and launch links.
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/task.hpp"
#include "ports/call.hpp"
#include "ports/support_provider.hpp"
#include "support/standing.hpp"

namespace belay::ports {

struct ContactAt {
  std::string address;        ///< as the provider has it; compare with support::normal_address
  support::Contact contact;
};

struct ContactsFound {
  std::vector<ContactAt> contacts;
  std::vector<std::string> invited;    ///< addresses with an invitation that nobody answered yet
};

/// Most addresses that one call asks for.
inline constexpr std::size_t kMostAddressesOfACall = 50;

/// Errors of all: those of SupportProvider.
class Contacts {
 public:
  virtual ~Contacts() = default;

  /// Calls with this link are about to come: what they would have to wait for, such as a new token for one that has expired, begins now. Waits
  /// for nothing outside; what fails meanwhile fails in those calls.
  virtual Task<void> prepare(Call call, LinkRef link) = 0;

  /// Contacts and invitations with one of these addresses; one call, at most kMostAddressesOfACall. `address_not_usable`: the provider takes
  /// one of them for no address; which, it does not say.
  virtual Task<Result<ContactsFound>> contacts_at(Call call, LinkRef link, std::vector<std::string> addresses) = 0;
  /// `not_found` when it is gone. The provider tells no address here.
  virtual Task<Result<support::Contact>> contact(Call call, LinkRef link, ContactId id) = 0;
  /// Contacts whose name contains the text; of an empty one, all. The provider tells no addresses here either.
  virtual Task<Result<std::vector<support::Contact>>> contacts_named(Call call, LinkRef link, std::string text) = 0;

  /// Asks the provider to invite. NOT idempotent. TeamViewer reports an invitation that went out as a refusal: where its words say so it is a
  /// success here; they are not documented, so after any other refusal look with contacts_at what became of it.
  virtual Task<Result<void>> invite(Call call, LinkRef link, std::string address, std::string group_id) = 0;

  /// The address that starts this with the contact: https, nothing in it but the contact's id and the mode.
  [[nodiscard]] virtual Result<std::string> launch_url(const ContactId& contact, support::LaunchMode mode) const = 0;
};

}  // namespace belay::ports
