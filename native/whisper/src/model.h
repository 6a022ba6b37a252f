#pragma once

#include <napi.h>

#include <memory>

#include "recogniser.h"

namespace botchat {

// The JS side of a loaded model (WhisperModel in index.d.ts).
class Model : public Napi::ObjectWrap<Model> {
 public:
  static Napi::Function define(Napi::Env env);
  static Napi::Object create(Napi::Env env, std::shared_ptr<Recogniser> recogniser, ModelInfo info);

  // Only create() calls it, with what it made.
  explicit Model(const Napi::CallbackInfo& info);

 private:
  struct Parts {
    std::shared_ptr<Recogniser> recogniser;
    ModelInfo info;
  };

  Napi::Value transcribe(const Napi::CallbackInfo& info);
  Napi::Value detectLanguage(const Napi::CallbackInfo& info);
  Napi::Value abort(const Napi::CallbackInfo& info);
  Napi::Value release(const Napi::CallbackInfo& info);

  // Reads (pcm, options) with `parse`, queues the request, and settles the promise with what `answer` makes of
  // the outcome.
  using Parse = Request (*)(Napi::Value pcm, Napi::Value options, const ModelInfo& model);
  using Answer = Napi::Object (*)(Napi::Env env, const Transcript& transcript, Napi::Object model);
  Napi::Value enqueue(const Napi::CallbackInfo& info, Parse parse, Answer answer);

  Parts parts_;
};

}  // namespace botchat
