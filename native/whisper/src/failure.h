#pragma once

#include <string>

namespace botchat {

// What a rejected promise carries. Thrown inside the addon, never past it.
// The codes are listed with their meaning in index.d.ts.
struct Failure {
  const char* code;
  std::string message;
};

}  // namespace botchat
