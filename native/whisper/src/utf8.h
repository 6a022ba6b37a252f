#pragma once

#include <string>
#include <string_view>

namespace botchat {

// True when `bytes` ends inside a character: more bytes could complete it.
bool endsInsideCharacter(std::string_view bytes);

// `bytes` with everything that is not UTF-8 replaced by U+FFFD. A model's output is only bytes.
std::string toValidUtf8(std::string_view bytes);

}  // namespace botchat
