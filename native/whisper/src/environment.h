#pragma once

#include <napi.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "failure.h"
#include "recogniser.h"

namespace botchat {

Napi::Error toError(Napi::Env env, const Failure& failure);

// What one JS environment (a process's main thread, or one worker thread) has of this addon: its pending
// promises, its recognisers, and the way from their threads back to JS.
class Environment {
 public:
  explicit Environment(Napi::Env env);
  static Environment& of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

  // A promise under way. JS values may only be touched, and let go, on the JS thread: worker threads know
  // a call by its number. While calls are pending the process stays alive.
  struct Call {
    Napi::Promise::Deferred promise;
    std::shared_ptr<Recogniser> recogniser;
    Napi::FunctionReference onSegment;
    Napi::ObjectReference model;  // not collected meanwhile
  };
  uint64_t begin(Call call);
  // Null when the environment is going down.
  Call* find(uint64_t id);
  // Takes the call out, for its promise to be settled.
  Call end(uint64_t id);

  // From any thread: runs `task` on the JS thread, in order; never, when the environment is going down.
  void post(std::function<void(Napi::Env)> task);

  // To be stopped when the environment goes down.
  void watch(const std::shared_ptr<Recogniser>& recogniser);

  Napi::FunctionReference modelConstructor;

 private:
  static void callJs(Napi::Env env, Napi::Function, std::nullptr_t*, std::function<void(Napi::Env)>* task);
  using Queue = Napi::TypedThreadSafeFunction<std::nullptr_t, std::function<void(Napi::Env)>, callJs>;

  void stopRecognisers();

  Napi::Env env_;
  Queue queue_;
  uint64_t lastId_ = 0;
  std::unordered_map<uint64_t, Call> calls_;
  std::vector<std::weak_ptr<Recogniser>> recognisers_;
};

}  // namespace botchat
