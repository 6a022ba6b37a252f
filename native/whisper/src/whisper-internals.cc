// This unit is whisper.cpp itself, as it is in the npm package, with a few accessors after it: its structs
// are visible nowhere else. A version that changes them does not compile here, which is the point.
#include "whisper.cpp"

#include "whisper-internals.h"

namespace botchat::internals {

bool ensureState(whisper_context* context) {
  if (!context->state) context->state = whisper_init_state(context);
  return context->state != nullptr;
}

void dropState(whisper_context* context) {
  whisper_free_state(context->state);
  context->state = nullptr;
}

void forgetFreedState(whisper_context* context) { context->state = nullptr; }

void setAbortCallback(whisper_context* context, ggml_abort_callback callback, void* data) {
  for (ggml_backend_t backend : context->state->backends) {
    ggml_backend_dev_t device = ggml_backend_get_device(backend);
    if (!device) continue;
    // By name, because a backend may be a library of its own.
    const auto set = reinterpret_cast<ggml_backend_set_abort_callback_t>(
        ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(device), "ggml_backend_set_abort_callback"));
    if (set) set(backend, callback, data);
  }
}

void setAudioContext(whisper_context* context, int positions) { context->state->exp_n_audio_ctx = positions; }

ggml_backend_dev_t computeDevice(whisper_context* context) {
  for (ggml_backend_t backend : context->state->backends) {
    ggml_backend_dev_t device = ggml_backend_get_device(backend);
    if (ggml_backend_dev_type(device) != GGML_BACKEND_DEVICE_TYPE_ACCEL) return device;
  }
  return nullptr;  // never: the last one is a CPU
}

int languageCount(whisper_context* context) {
  return context->vocab.is_multilingual() ? context->vocab.num_languages() : 1;
}

Timings timings(whisper_context* context) {
  const whisper_state& state = *context->state;
  return {state.t_encode_us, state.t_prompt_us + state.t_decode_us + state.t_batchd_us + state.t_sample_us};
}

}  // namespace botchat::internals
