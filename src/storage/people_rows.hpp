// How rows about people are read, for the two stores that read them.
#pragma once

#include "ports/people_storage.hpp"
#include "storage/statement.hpp"

namespace belay::storage {

#define BELAY_MAPPING_COLUMNS \
  "installation_id, person_id, provider, contact_id, contact_owner_id, contact_user_id, contact_name, address, mapped_by, mapped_by_name, mapped_at"
inline constexpr int kMappingColumns = 11;
[[nodiscard]] ports::PersonMapping mapping_from(Row& row);

#define BELAY_INVITATION_COLUMNS "installation_id, agent_id, person_id, provider, issue_id, asked_at, sent_at, began, last_error"
inline constexpr int kInvitationColumns = 9;
[[nodiscard]] ports::ContactInvitation invitation_from(Row& row);

}  // namespace belay::storage
