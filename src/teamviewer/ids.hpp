// The shapes of what TeamViewer names things by, checked before any of it goes into a path or is handed to a browser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace belay::teamviewer {

/// u20914478
[[nodiscard]] bool is_user_id(std::string_view text);
/// c77120345
[[nodiscard]] bool is_contact_id(std::string_view text);
/// g318442907
[[nodiscard]] bool is_group_id(std::string_view text);
/// s284-613-907: opaque to us, so digits and hyphens in any grouping.
[[nodiscard]] bool is_session_code(std::string_view text);
/// A UUID, as we put it into custom_api.
[[nodiscard]] bool is_session_id(std::string_view text);
/// A GUID in either case, as connection records have it.
[[nodiscard]] bool is_record_id(std::string_view text);
/// What may stand in an Authorization header.
[[nodiscard]] bool is_token(std::string_view text);

/// An address that may be opened: https, or http on loopback (the sandbox), at most 2,048 bytes, no user part. Characters that
/// are not ASCII come back percent-encoded, as a browser would do; everything else comes back as it was.
[[nodiscard]] std::optional<std::string> web_address(std::string_view url);

}  // namespace belay::teamviewer
