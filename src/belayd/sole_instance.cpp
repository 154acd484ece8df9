#include "belayd/sole_instance.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

namespace belay::belayd {

Result<SoleInstance> SoleInstance::of(std::string_view storage_url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!storage_url.starts_with(kSqlite)) return SoleInstance(-1);
  const auto file = std::string(storage_url.substr(kSqlite.size())) + ".lock";
  const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return fail("storage_unavailable", file + " cannot be made");
  SoleInstance instance(lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) return fail("database_in_use", "another belayd serves from this database (" + file + " is locked)");
  return instance;
}

SoleInstance::~SoleInstance() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace belay::belayd
