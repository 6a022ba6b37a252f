#include "options.h"

#include <algorithm>
#include <cmath>

#include "failure.h"

namespace botchat {
namespace {

[[noreturn]] void invalid(const std::string& name, const std::string& wanted) {
  throw Failure{"INVALID_OPTION", name + " must be " + wanted};
}

std::string text(double value) {
  std::string digits = std::to_string(value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

// Reads an options object. An option that is absent or undefined leaves the default in `target`.
class Reader {
 public:
  explicit Reader(Napi::Value options) : env_(options.Env()) {
    if (options.IsUndefined()) return;
    if (!options.IsObject()) invalid("options", "an object");
    object_ = options.As<Napi::Object>();
  }

  Napi::Value get(const char* name) const { return object_.IsEmpty() ? env_.Undefined() : object_.Get(name); }

  void flag(const char* name, bool& target) const {
    const Napi::Value value = get(name);
    if (value.IsUndefined()) return;
    if (!value.IsBoolean()) invalid(name, "true or false");
    target = value.As<Napi::Boolean>();
  }

  void integer(const char* name, int low, int high, int& target) const {
    const Napi::Value value = get(name);
    if (value.IsUndefined()) return;
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(number >= low && number <= high) || number != std::floor(number)) {
      invalid(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    target = static_cast<int>(number);
  }

  void number(const char* name, double low, double high, float& target) const {
    const Napi::Value value = get(name);
    if (value.IsUndefined()) return;
    const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : NAN;
    if (!(number >= low && number <= high)) invalid(name, "a number from " + text(low) + " to " + text(high));
    target = static_cast<float>(number);
  }

  void string(const char* name, std::string& target) const {
    const Napi::Value value = get(name);
    if (value.IsUndefined()) return;
    target = asString(name, value);
  }

  std::vector<std::string> strings(const char* name) const {
    const Napi::Value value = get(name);
    if (value.IsUndefined()) return {};
    if (!value.IsArray()) invalid(name, "an array of strings");
    const auto array = value.As<Napi::Array>();
    std::vector<std::string> items;
    for (uint32_t i = 0; i < array.Length(); ++i) items.push_back(asString(name, array[i]));
    return items;
  }

 private:
  static std::string asString(const char* name, const Napi::Value& value) {
    if (!value.IsString()) invalid(name, "a string");
    std::string string = value.As<Napi::String>();
    // whisper.cpp takes C strings; what follows a NUL would be lost without a word.
    if (string.find('\0') != std::string::npos) invalid(name, "a string without NUL characters");
    return string;
  }

  Napi::Env env_;
  Napi::Object object_;
};

int languageId(const char* option, const std::string& language, const ModelInfo& model) {
  const int id = whisper_lang_id(language.c_str());
  if (id < 0 || id >= model.languages) invalid(option, "a language this model knows, not '" + language + "'");
  return id;
}

std::vector<int> candidateIds(const Reader& options, const ModelInfo& model) {
  std::vector<int> ids;
  for (const auto& language : options.strings("candidateLanguages")) ids.push_back(languageId("candidateLanguages", language, model));
  return ids;
}

std::vector<float> copySamples(Napi::Value pcm) {
  if (!pcm.IsTypedArray() || pcm.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) invalid("pcm", "a Float32Array");
  const auto array = pcm.As<Napi::Float32Array>();
  // whisper.cpp counts samples in an int, and pads by 30 s.
  constexpr size_t limit = 16000u * 3600u * 24u;
  if (array.ElementLength() > limit) invalid("pcm", "at most 24 hours of audio");
  std::vector<float> samples(array.ElementLength());
  // A copy, because JS may reuse or transfer its buffer meanwhile. One bad sample would make the whole
  // spectrogram NaN, so what is not a sample becomes silence or full scale.
  std::transform(array.Data(), array.Data() + samples.size(), samples.begin(),
                 [](float sample) { return std::isnan(sample) ? 0.0f : std::clamp(sample, -1.0f, 1.0f); });
  return samples;
}

}  // namespace

LoadOptions parseLoadOptions(Napi::Value value) {
  const Reader options(value);
  LoadOptions load;
  options.string("modelPath", load.modelPath);
  if (load.modelPath.empty()) invalid("modelPath", "the path of a model file");
  options.flag("useGpu", load.useGpu);
  if (int gpu = -1; options.integer("gpuDevice", 0, 63, gpu), gpu >= 0) load.gpu = gpu;
  options.flag("flashAttention", load.flashAttention);
  return load;
}

bool parseWantsGpu(Napi::Value value) {
  bool gpu = true;
  Reader(value).flag("gpu", gpu);
  return gpu;
}

Request parseRequest(Napi::Value pcm, Napi::Value value, const ModelInfo& model) {
  const Reader options(value);
  Request request;
  request.pcm = copySamples(pcm);

  std::string language = "en";  // as in whisper-cli
  options.string("language", language);
  request.candidateLanguages = candidateIds(options, model);
  if (!model.multilingual) {
    request.language = "en";  // the only one there is, whatever was asked; whisper-cli does the same
  } else if (language != "auto") {
    request.language = whisper_lang_str(languageId("language", language, model));
  }
  options.string("initialPrompt", request.prompt);

  whisper_full_params& p = request.parameters;
  options.integer("threads", 1, 64, p.n_threads);
  options.integer("audioContext", 0, model.audioContext, p.audio_ctx);
  options.number("temperature", 0, 1, p.temperature);
  options.number("temperatureIncrement", 0, 1, p.temperature_inc);
  // Each step of the ladder is a decoding: a tiny increment would never end.
  if (p.temperature_inc > 0 && p.temperature_inc < 0.05f) invalid("temperatureIncrement", "0, or from 0.05 to 1");
  options.integer("bestOf", 1, 8, p.greedy.best_of);
  options.integer("beamSize", 1, 8, p.beam_search.beam_size);
  p.strategy = p.beam_search.beam_size > 1 ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY;
  options.number("noSpeechThreshold", 0, 1, p.no_speech_thold);
  options.number("logProbabilityThreshold", -100, 0, p.logprob_thold);
  options.number("entropyThreshold", 0, 100, p.entropy_thold);
  options.flag("noContext", p.no_context);
  options.flag("singleSegment", p.single_segment);
  options.flag("suppressNonSpeech", p.suppress_nst);
  options.integer("maxTokens", 0, 10000, p.max_tokens);
  options.flag("noTimestamps", p.no_timestamps);
  options.flag("tokenTimestamps", p.token_timestamps);
  options.flag("translate", p.translate);
  if (!model.multilingual) p.translate = false;
  return request;
}

Request parseDetection(Napi::Value pcm, Napi::Value value, const ModelInfo& model) {
  const Reader options(value);
  Request request;
  request.detectOnly = true;
  request.pcm = copySamples(pcm);
  request.candidateLanguages = candidateIds(options, model);
  if (!model.multilingual) request.language = "en";  // the only one there is
  options.integer("threads", 1, 64, request.parameters.n_threads);
  options.integer("audioContext", 0, model.audioContext, request.parameters.audio_ctx);
  return request;
}

}  // namespace botchat
