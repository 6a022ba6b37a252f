#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "whisper.h"

namespace botchat {

// The shapes of index.d.ts, as values: made on the worker thread, turned into JS objects on the JS thread.
struct Token {
  std::string text;
  float probability;
  int64_t startMs, endMs;  // -1: unknown
};

struct Segment {
  std::string text;
  int64_t startMs, endMs;
  float noSpeechProbability;
  float averageLogProbability;
  std::vector<Token> tokens;
};

using LanguageProbabilities = std::vector<std::pair<std::string, float>>;

struct Transcript {
  std::string text;
  std::optional<std::string> language;
  std::optional<LanguageProbabilities> languageProbabilities;
  std::vector<Segment> segments;
  double encodeMs = 0, decodeMs = 0, totalMs = 0;
  int threads = 0;
  int audioContext = 0;
};

// Segment `index` of the context's last (or running) whisper_full.
Segment readSegment(whisper_context* context, int index);

Napi::Object toJs(Napi::Env env, const Segment& segment);
Napi::Object toJs(Napi::Env env, const LanguageProbabilities& probabilities);
// Without `backend`, which the model knows.
Napi::Object toJs(Napi::Env env, const Transcript& transcript);

}  // namespace botchat
