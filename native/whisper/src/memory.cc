#include "memory.h"

#include <cstddef>

#ifdef _WIN32
#include <windows.h>
#else
#include <sys/mman.h>
#endif

namespace botchat {

bool canAllocate(uint64_t bytes) {
  if (bytes > SIZE_MAX) return false;
  const auto size = static_cast<size_t>(bytes);
#ifdef _WIN32
  void* const block = VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (!block) return false;
  VirtualFree(block, 0, MEM_RELEASE);
#else
  void* const block = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (block == MAP_FAILED) return false;
  munmap(block, size);
#endif
  return true;
}

}  // namespace botchat
