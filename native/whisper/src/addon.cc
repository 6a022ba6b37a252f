#include <napi.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "devices.h"
#include "environment.h"
#include "ggml-backend.h"
#include "model.h"
#include "options.h"
#include "whisper.h"

namespace botchat {
namespace {

// whisper.cpp and ggml write to stderr unless told otherwise; a worker's stderr is the app's log.
void log(ggml_log_level, const char* text, void* verbose) {
  if (verbose) std::fputs(text, stderr);
}

void setLog() {
  const char* wanted = std::getenv("BOTCHAT_WHISPER_LOG");
  static char yes;
  void* const verbose = wanted && std::strcmp(wanted, "1") == 0 ? &yes : nullptr;
  whisper_log_set(log, verbose);
  ggml_log_set(log, verbose);  // whisper.cpp hands its own on later, and only in parts
}

Napi::Value load(const Napi::CallbackInfo& call) {
  const auto env = call.Env();
  auto& environment = Environment::of(env);
  auto promise = Napi::Promise::Deferred::New(env);
  const auto promised = promise.Promise();
  uint64_t id = 0;
  try {
    auto options = parseLoadOptions(call[0]);
    id = environment.begin({std::move(promise), nullptr, {}, {}});
    // It may be loaded before begin's call knows its recogniser: settling happens on this thread, later.
    auto recogniser = std::make_shared<Recogniser>(std::move(options), [&environment, id](Result<ModelInfo> result) {
      environment.post([&environment, id, result = std::move(result)](Napi::Env env) {
        auto pending = environment.end(id);
        if (const auto* failure = std::get_if<Failure>(&result)) {
          pending.promise.Reject(toError(env, *failure).Value());
        } else {
          pending.promise.Resolve(Model::create(env, std::move(pending.recogniser), std::get<ModelInfo>(result)));
        }
      });
    });
    environment.watch(recogniser);
    environment.find(id)->recogniser = std::move(recogniser);
  } catch (const Failure& failure) {
    auto& rejected = id ? environment.find(id)->promise : promise;
    rejected.Reject(toError(env, failure).Value());
    if (id) (void)environment.end(id);
  }
  return promised;
}

Napi::Value systemInfo(const Napi::CallbackInfo& call) { return Napi::String::New(call.Env(), whisper_print_system_info()); }

template <typename T>
Napi::Array toJsArray(Napi::Env env, const std::vector<T>& items) {
  auto array = Napi::Array::New(env, items.size());
  for (size_t i = 0; i < items.size(); ++i) array.Set(static_cast<uint32_t>(i), toJs(env, items[i]));
  return array;
}

Napi::Value loadBackends(const Napi::CallbackInfo& call) {
  if (!call[0].IsString()) throw toError(call.Env(), {"INVALID_OPTION", "directory must be a string"});
  try {
    return toJsArray(call.Env(), botchat::loadBackends(call[0].As<Napi::String>(), parseWantsGpu(call[1])));
  } catch (const Failure& failure) {
    throw toError(call.Env(), failure);
  } catch (const std::filesystem::filesystem_error& error) {
    throw toError(call.Env(), {"NO_BACKEND", error.what()});
  }
}

Napi::Value devices(const Napi::CallbackInfo& call) { return toJsArray(call.Env(), computeDevices()); }

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  setLog();
  auto environment = std::make_unique<Environment>(env);
  environment->modelConstructor = Napi::Persistent(Model::define(env));
  env.SetInstanceData(environment.release());
  exports.Set("version", whisper_version());
  exports.Set("systemInfo", Napi::Function::New<systemInfo>(env, "systemInfo"));
  exports.Set("loadBackends", Napi::Function::New<loadBackends>(env, "loadBackends"));
  exports.Set("devices", Napi::Function::New<devices>(env, "devices"));
  exports.Set("load", Napi::Function::New<load>(env, "load"));
  return exports;
}

}  // namespace
}  // namespace botchat

static Napi::Object initialise(Napi::Env env, Napi::Object exports) { return botchat::initialise(env, exports); }
NODE_API_MODULE(botchat_whisper, initialise)
