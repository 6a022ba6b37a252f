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
  Napi::Value abort(const Napi::CallbackInfo& info);
  Napi::Value release(const Napi::CallbackInfo& info);

  Parts parts_;
};

}  // namespace botchat
