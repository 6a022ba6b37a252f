#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "recogniser.h"

namespace botchat {

// All throw Failure INVALID_OPTION, naming the option; nothing is corrected silently.
LoadOptions parseLoadOptions(Napi::Value options);
bool parseWantsGpu(Napi::Value options);
Request parseRequest(Napi::Value pcm, Napi::Value options, const ModelInfo& model);
Request parseDetection(Napi::Value pcm, Napi::Value options, const ModelInfo& model);

}  // namespace botchat
