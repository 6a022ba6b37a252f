#include "environment.h"

#include <algorithm>
#include <utility>

namespace botchat {

Napi::Error toError(Napi::Env env, const Failure& failure) {
  auto error = Napi::Error::New(env, failure.message);
  error.Set("code", Napi::String::New(env, failure.code));
  return error;
}

Environment::Environment(Napi::Env env) : env_(env), queue_(Queue::New(env, "botchat_whisper", 0, 1)) {
  queue_.Unref(env);
  // Hooks run in reverse order of their making: this one before the queue's own, so that no recogniser's
  // thread is left to use a queue that is gone.
  env.AddCleanupHook(
      [](Environment* self) {
        self->stopRecognisers();
        self->queue_.Abort();
      },
      this);
  // process.exit() runs no hooks, and then destroys ggml's static objects while a recogniser's thread may
  // still compute with them.
  auto process = env.Global().Get("process").As<Napi::Object>();
  const auto onExit = Napi::Function::New(env, [this](const Napi::CallbackInfo&) { stopRecognisers(); });
  process.Get("once").As<Napi::Function>().Call(process, {Napi::String::New(env, "exit"), onExit});
}

uint64_t Environment::begin(Call call) {
  if (calls_.empty()) queue_.Ref(env_);
  calls_.emplace(++lastId_, std::move(call));
  return lastId_;
}

Environment::Call* Environment::find(uint64_t id) {
  const auto found = calls_.find(id);
  return found == calls_.end() ? nullptr : &found->second;
}

Environment::Call Environment::end(uint64_t id) {
  auto node = calls_.extract(id);
  if (calls_.empty()) queue_.Unref(env_);
  return std::move(node.mapped());
}

void Environment::post(std::function<void(Napi::Env)> task) {
  auto owned = std::make_unique<std::function<void(Napi::Env)>>(std::move(task));
  if (queue_.NonBlockingCall(owned.get()) == napi_ok) (void)owned.release();
}

void Environment::callJs(Napi::Env env, Napi::Function, std::nullptr_t*, std::function<void(Napi::Env)>* task) {
  const std::unique_ptr<std::function<void(Napi::Env)>> owned(task);
  if (static_cast<napi_env>(env) == nullptr) return;  // going down
  const Napi::HandleScope scope(env);
  try {
    (*owned)(env);
  } catch (const Napi::Error& error) {
    // Thrown by the app's callback: an uncaught exception like one of a timer's callback.
    napi_fatal_exception(env, error.Value());
  }
}

void Environment::watch(const std::shared_ptr<Recogniser>& recogniser) {
  std::erase_if(recognisers_, [](const auto& watched) { return watched.expired(); });
  recognisers_.push_back(recogniser);
}

void Environment::stopRecognisers() {
  for (const auto& watched : recognisers_) {
    if (const auto recogniser = watched.lock()) recogniser->stop();
  }
}

}  // namespace botchat
