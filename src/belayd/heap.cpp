#include "belayd/heap.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace belay::belayd {
namespace {

constexpr std::uintptr_t kLargePage = 2 * 1024 * 1024;
constexpr int kRoom = 6 * 1024 * 1024;       // of large pages: what the start and a panel of many people use
constexpr int kKept = 2 * kRoom;             // free memory at the end of the heap that is not given back
constexpr int kLargest = 2 * 1024 * 1024;    // larger blocks are mapped for themselves, and gone when they are freed

}  // namespace

void set_up_heap() {
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, kLargest);
  mallopt(M_TRIM_THRESHOLD, kKept);
  const auto begin = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  mallopt(M_TOP_PAD, kRoom);
  void* volatile block = std::malloc(kLargePage / 2);   // has the heap grow by the room, which nothing has touched yet
  std::free(block);
  mallopt(M_TOP_PAD, 128 * 1024);           // as it was
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  const auto first = (begin + kLargePage - 1) / kLargePage * kLargePage;
  if (first < end) ::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

}  // namespace belay::belayd
