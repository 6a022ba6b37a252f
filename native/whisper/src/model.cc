#include "model.h"

#include <utility>

#include "environment.h"
#include "options.h"

namespace botchat {
namespace {

Napi::Object backendOf(Napi::Env env, const ModelInfo& info) {
  auto backend = Napi::Object::New(env);
  backend.Set("kind", info.backendKind);
  backend.Set("device", info.backendDevice);
  return backend;
}

Napi::Object failureOf(Napi::Env env, const Failure& failure) {
  auto object = Napi::Object::New(env);
  object.Set("code", failure.code);
  object.Set("message", failure.message);
  return object;
}

}  // namespace

Napi::Function Model::define(Napi::Env env) {
  return DefineClass(env, "WhisperModel", {
    InstanceMethod<&Model::transcribe>("transcribe"),
    InstanceMethod<&Model::detectLanguage>("detectLanguage"),
    InstanceMethod<&Model::abort>("abort"),
    InstanceMethod<&Model::release>("release"),
  });
}

Napi::Object Model::create(Napi::Env env, std::shared_ptr<Recogniser> recogniser, ModelInfo info) {
  Parts parts{std::move(recogniser), std::move(info)};
  return Environment::of(env).modelConstructor.New({Napi::External<Parts>::New(env, &parts)});
}

Model::Model(const Napi::CallbackInfo& call) : ObjectWrap(call) {
  if (call.Length() != 1 || !call[0].IsExternal()) {
    throw Napi::TypeError::New(call.Env(), "A WhisperModel comes from load()");
  }
  parts_ = std::move(*call[0].As<Napi::External<Parts>>().Data());
  const auto env = call.Env();
  const auto& info = parts_.info;
  auto self = call.This().As<Napi::Object>();
  const auto define = [&](const char* name, Napi::Value value) {
    self.DefineProperty(Napi::PropertyDescriptor::Value(name, value, napi_enumerable));
  };
  define("backend", backendOf(env, info));
  define("gpuFailure", info.gpuFailure ? Napi::Value(failureOf(env, *info.gpuFailure)) : env.Null());
  define("multilingual", Napi::Boolean::New(env, info.multilingual));
  define("type", Napi::String::New(env, info.type));
  define("audioLayers", Napi::Number::New(env, info.audioLayers));
  define("textLayers", Napi::Number::New(env, info.textLayers));
  define("audioContext", Napi::Number::New(env, info.audioContext));
  define("textContext", Napi::Number::New(env, info.textContext));
}

Napi::Value Model::transcribe(const Napi::CallbackInfo& call) {
  return enqueue(call, parseRequest, [](Napi::Env env, const Transcript& transcript, Napi::Object model) {
    auto object = toJs(env, transcript);
    object.Set("backend", model.Get("backend"));
    return object;
  });
}

Napi::Value Model::detectLanguage(const Napi::CallbackInfo& call) {
  return enqueue(call, parseDetection, [](Napi::Env env, const Transcript& transcript, Napi::Object) {
    return toJs(env, transcript.languageProbabilities.value_or(LanguageProbabilities{}));
  });
}

Napi::Value Model::enqueue(const Napi::CallbackInfo& call, Parse parse, Answer answer) {
  const auto env = call.Env();
  auto& environment = Environment::of(env);
  auto promise = Napi::Promise::Deferred::New(env);
  const auto promised = promise.Promise();
  try {
    auto request = parse(call[0], call[1], parts_.info);
    Napi::FunctionReference onSegment;
    if (call[1].IsObject() && !request.detectOnly) {
      const Napi::Value callback = call[1].As<Napi::Object>().Get("onSegment");
      if (callback.IsFunction()) {
        onSegment = Napi::Persistent(callback.As<Napi::Function>());
      } else if (!callback.IsUndefined()) {
        throw Failure{"INVALID_OPTION", "onSegment must be a function"};
      }
    }
    const bool wantsSegments = !onSegment.IsEmpty();
    const auto id = environment.begin({std::move(promise), parts_.recogniser, std::move(onSegment), Napi::Persistent(call.This().As<Napi::Object>())});

    Recogniser::OnSegment deliver;
    if (wantsSegments) {
      deliver = [&environment, id](Segment segment) {
        environment.post([&environment, id, segment = std::move(segment)](Napi::Env env) {
          if (auto* pending = environment.find(id)) pending->onSegment.Call({toJs(env, segment)});
        });
      };
    }
    parts_.recogniser->transcribe(std::move(request), std::move(deliver), [&environment, id, answer](Result<Transcript> result) {
      environment.post([&environment, id, answer, result = std::move(result)](Napi::Env env) {
        auto pending = environment.end(id);
        if (const auto* failure = std::get_if<Failure>(&result)) {
          pending.promise.Reject(toError(env, *failure).Value());
        } else {
          pending.promise.Resolve(answer(env, std::get<Transcript>(result), pending.model.Value()));
        }
      });
    });
  } catch (const Failure& failure) {
    promise.Reject(toError(env, failure).Value());
  } catch (const std::bad_alloc&) {
    promise.Reject(toError(env, {"OUT_OF_MEMORY", "Not enough memory to transcribe"}).Value());
  }
  return promised;
}

Napi::Value Model::abort(const Napi::CallbackInfo& call) {
  parts_.recogniser->abort();
  return call.Env().Undefined();
}

Napi::Value Model::release(const Napi::CallbackInfo& call) {
  const auto env = call.Env();
  auto& environment = Environment::of(env);
  auto promise = Napi::Promise::Deferred::New(env);
  const auto promised = promise.Promise();
  const auto id = environment.begin({std::move(promise), parts_.recogniser, {}, Napi::Persistent(call.This().As<Napi::Object>())});
  parts_.recogniser->release([&environment, id] {
    environment.post([&environment, id](Napi::Env env) { environment.end(id).promise.Resolve(env.Undefined()); });
  });
  return promised;
}

}  // namespace botchat
