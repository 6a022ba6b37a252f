#include "utf8.h"

#include <cstddef>

namespace botchat {
namespace {

struct Scan {
  size_t length;   // bytes of the character at the front, or of its longest valid beginning (at least 1)
  bool complete;   // the character is whole
  bool truncated;  // it is not, only because the bytes end
};

// Reads the character at the front, by table 3-7 of the Unicode standard (no surrogates, no overlong forms).
Scan scan(std::string_view bytes) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = at(0);
  if (lead < 0x80) return {1, true, false};
  const size_t length = lead >= 0xC2 && lead <= 0xDF ? 2 : lead >= 0xE0 && lead <= 0xEF ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  if (length == 0) return {1, false, false};
  for (size_t i = 1; i < length; ++i) {
    if (i == bytes.size()) return {i, false, true};
    unsigned char low = 0x80, high = 0xBF;
    if (i == 1 && lead == 0xE0) low = 0xA0;
    if (i == 1 && lead == 0xED) high = 0x9F;
    if (i == 1 && lead == 0xF0) low = 0x90;
    if (i == 1 && lead == 0xF4) high = 0x8F;
    if (at(i) < low || at(i) > high) return {i, false, false};
  }
  return {length, true, false};
}

}  // namespace

bool endsInsideCharacter(std::string_view bytes) {
  while (!bytes.empty()) {
    const Scan character = scan(bytes);
    if (character.truncated) return true;
    bytes.remove_prefix(character.length);
  }
  return false;
}

std::string toValidUtf8(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const Scan character = scan(bytes);
    if (character.complete) {
      text.append(bytes.substr(0, character.length));
    } else {
      text.append("\xEF\xBF\xBD");
    }
    bytes.remove_prefix(character.length);
  }
  return text;
}

}  // namespace botchat
