#pragma once

#include <cstdint>

#include "ggml-backend.h"
#include "whisper.h"

// The few things that whisper.h keeps to itself and an application needs: an abort that works inside a
// graph, the devices really in use, and totals of time. Implemented over the unmodified, pinned whisper.cpp.
namespace botchat::internals {

// Makes the context's working state (caches, compute buffers) where it has none. False: no memory for it.
bool ensureState(whisper_context* context);

// Frees the state, for instance after an exception left a graph half built. ensureState makes a new one.
void dropState(whisper_context* context);

// Forgets a state that whisper_full has freed itself: it does so when the KV cache cannot be allocated.
void forgetFreedState(whisper_context* context);

// Lets `callback` stop a computation between any two operations of a graph. whisper_full alone asks only
// between graphs, and never during language detection; an encoder graph can take seconds.
// Backends that cannot stop inside a graph (GPUs) ignore it.
void setAbortCallback(whisper_context* context, ggml_abort_callback callback, void* data);

// How many positions the encoder uses; 0 means all. whisper_full takes it from its parameters and leaves it behind,
// so that language detection would run with the last call's.
void setAudioContext(whisper_context* context, int positions);

// The device that computes: the first backend of the state, as whisper.cpp orders them, but for libraries that only
// help the CPU with some operations.
ggml_backend_dev_t computeDevice(whisper_context* context);

// How many of whisper's languages this model knows: ids from 0 up to here.
int languageCount(whisper_context* context);

struct Timings {
  int64_t encodeUs;
  int64_t decodeUs;  // prompt, tokens and sampling
};
// Since whisper_reset_timings.
Timings timings(whisper_context* context);

}  // namespace botchat::internals
