#pragma once

#include <atomic>
#include <cstdint>
#include <fstream>
#include <string>

#include "whisper.h"

namespace botchat {

// A ggml whisper file, opened and checked before whisper.cpp sees it: whisper.cpp trusts what it reads
// (sizes, counts, dimensions), does not notice a short read, and ends the process where an assertion fails.
class ModelFile {
 public:
  // `path` is UTF-8. Throws Failure: MODEL_NOT_FOUND, MODEL_UNREADABLE or MODEL_CORRUPT.
  // Only the structure is checked, not the weights: those are what the catalogue's hashes are for.
  explicit ModelFile(const std::string& path);

  uint64_t bytes() const { return size_; }

  // Reads the file from its beginning for whisper_init_*. Borrows this object; once `stop` is true it
  // reports the end of the file, so that loading fails soon.
  whisper_model_loader loader(const std::atomic<bool>& stop);

  // True when the file changed or became unreadable while it was loaded.
  bool readFailed() const { return readFailed_; }

 private:
  size_t read(void* output, size_t size);

  std::ifstream file_;
  uint64_t size_ = 0;
  uint64_t position_ = 0;
  bool ended_ = false;
  bool readFailed_ = false;
  const std::atomic<bool>* stop_ = nullptr;
};

}  // namespace botchat
