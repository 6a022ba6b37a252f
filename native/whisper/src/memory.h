#pragma once

#include <cstdint>

namespace botchat {

// Whether the system would give this process so much memory now. The system is asked and not malloc: in Electron
// malloc is Chromium's, which ends the process where somebody wants a block of more than 2 GiB.
// No guarantee: Linux promises memory it may not have.
bool canAllocate(uint64_t bytes);

}  // namespace botchat
