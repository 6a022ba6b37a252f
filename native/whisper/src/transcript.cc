#include "transcript.h"

#include <algorithm>

#include "utf8.h"

namespace botchat {
namespace {

int64_t fromCentiseconds(int64_t time) { return time < 0 ? -1 : time * 10; }

Napi::Value timeOrNull(Napi::Env env, int64_t timeMs) {
  return timeMs < 0 ? env.Null() : Napi::Number::New(env, static_cast<double>(timeMs));
}

Napi::Object toJs(Napi::Env env, const Token& token) {
  auto object = Napi::Object::New(env);
  object.Set("text", token.text);
  object.Set("probability", token.probability);
  object.Set("startMs", timeOrNull(env, token.startMs));
  object.Set("endMs", timeOrNull(env, token.endMs));
  return object;
}

template <typename T>
Napi::Array toJs(Napi::Env env, const std::vector<T>& items) {
  auto array = Napi::Array::New(env, items.size());
  for (size_t i = 0; i < items.size(); ++i) array.Set(static_cast<uint32_t>(i), toJs(env, items[i]));
  return array;
}

}  // namespace

Segment readSegment(whisper_context* context, int index) {
  Segment segment{};
  segment.startMs = std::max<int64_t>(0, fromCentiseconds(whisper_full_get_segment_t0(context, index)));
  segment.endMs = std::max(segment.startMs, fromCentiseconds(whisper_full_get_segment_t1(context, index)));
  segment.noSpeechProbability = whisper_full_get_segment_no_speech_prob(context, index);

  // From the end-of-text token on, ids are special tokens and timestamps.
  const whisper_token firstSpecial = whisper_token_eot(context);
  double logProbability = 0;
  int counted = 0;
  // Whisper's tokens are pieces of bytes: a Chinese character is often two or three of them. Pieces are
  // collected until they end with a whole character.
  std::string bytes;
  Token token{};
  const auto flush = [&] {
    token.text = toValidUtf8(bytes);
    segment.text += token.text;
    segment.tokens.push_back(std::move(token));
    bytes.clear();
  };
  for (int i = 0, n = whisper_full_n_tokens(context, index); i < n; ++i) {
    const whisper_token_data data = whisper_full_get_token_data(context, index, i);
    if (data.id >= firstSpecial) continue;
    logProbability += data.plog;
    ++counted;
    const char* piece = whisper_token_to_str(context, data.id);
    if (bytes.empty()) token = {{}, data.p, fromCentiseconds(data.t0), -1};
    // The least sure piece, not the product: a character is not less certain for having been cut in three.
    token.probability = std::min(token.probability, data.p);
    // whisper.cpp's estimate sometimes ends a token before it starts.
    token.endMs = std::max(token.startMs, fromCentiseconds(data.t1));
    bytes += piece;
    if (!endsInsideCharacter(bytes)) flush();
  }
  if (!bytes.empty()) flush();
  segment.averageLogProbability = counted > 0 ? static_cast<float>(logProbability / counted) : 0.0f;
  return segment;
}

Napi::Object toJs(Napi::Env env, const Segment& segment) {
  auto object = Napi::Object::New(env);
  object.Set("text", segment.text);
  object.Set("startMs", static_cast<double>(segment.startMs));
  object.Set("endMs", static_cast<double>(segment.endMs));
  object.Set("noSpeechProbability", segment.noSpeechProbability);
  object.Set("averageLogProbability", segment.averageLogProbability);
  object.Set("tokens", toJs(env, segment.tokens));
  return object;
}

Napi::Object toJs(Napi::Env env, const LanguageProbabilities& probabilities) {
  auto object = Napi::Object::New(env);
  for (const auto& [language, probability] : probabilities) object.Set(language, probability);
  return object;
}

Napi::Object toJs(Napi::Env env, const Transcript& transcript) {
  auto object = Napi::Object::New(env);
  object.Set("text", transcript.text);
  object.Set("language", transcript.language ? Napi::Value(Napi::String::New(env, *transcript.language)) : env.Null());
  const auto& languages = transcript.languageProbabilities;
  object.Set("languageProbabilities", languages ? Napi::Value(toJs(env, *languages)) : env.Null());
  object.Set("segments", toJs(env, transcript.segments));
  auto timings = Napi::Object::New(env);
  timings.Set("encodeMs", transcript.encodeMs);
  timings.Set("decodeMs", transcript.decodeMs);
  timings.Set("totalMs", transcript.totalMs);
  object.Set("timings", timings);
  object.Set("threads", transcript.threads);
  object.Set("audioContext", transcript.audioContext);
  return object;
}

}  // namespace botchat
