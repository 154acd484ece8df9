#include "belayd/sole_instance.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>

namespace belay::belayd {

Result<SoleInstance> SoleInstance::of(const std::optional<std::filesystem::path>& sqlite_file) {
  if (!sqlite_file) return SoleInstance(-1);
  const auto file = sqlite_file->string() + ".lock";
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
