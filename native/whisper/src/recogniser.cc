#include "recogniser.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include "devices.h"
#include "ggml-backend.h"
#include "memory.h"
#include "whisper-internals.h"

namespace botchat {
namespace {

// whisper.cpp hears nothing in less than 100 ms, and reads past the end of less than 13 ms.
constexpr size_t shortestSamples = 1640;

// What a model takes: its weights, and room for the working buffers. A guess.
uint64_t memoryFor(const ModelFile& file) { return file.bytes() + file.bytes() / 4 + (uint64_t{256} << 20); }

// ggml ends the process where it cannot allocate the weights, so ask first. What it cannot get later ends the process.
void requireMemory(uint64_t bytes) {
  if (!canAllocate(bytes)) throw Failure{"OUT_OF_MEMORY", "Not enough memory for the model"};
}

// The same for a GPU. Tried out: what drivers report as free is a guess, too, and some report none.
bool hasMemory(ggml_backend_dev_t device, uint64_t bytes) {
  const auto type = ggml_backend_dev_buffer_type(device);
  const uint64_t most = std::max<uint64_t>(1, ggml_backend_buft_get_max_size(type));
  std::vector<std::unique_ptr<ggml_backend_buffer, decltype(&ggml_backend_buffer_free)>> buffers;
  for (uint64_t left = bytes; left > 0; left -= std::min(left, most)) {
    buffers.emplace_back(ggml_backend_buft_alloc_buffer(type, static_cast<size_t>(std::min(left, most))), ggml_backend_buffer_free);
    if (!buffers.back()) return false;
  }
  return true;
}

double msSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Request::Request() : parameters(whisper_full_default_params(WHISPER_SAMPLING_GREEDY)) {
  // whisper-cli's stock settings: beam search with 5 beams, best of 5 at higher temperatures.
  parameters.strategy = WHISPER_SAMPLING_BEAM_SEARCH;
  parameters.beam_search.beam_size = whisper_full_default_params(WHISPER_SAMPLING_BEAM_SEARCH).beam_search.beam_size;
  parameters.print_progress = false;
}

Recogniser::Recogniser(LoadOptions options, OnLoaded onLoaded) {
  try {
    thread_ = std::thread(&Recogniser::run, this, std::move(options), std::move(onLoaded));
  } catch (const std::system_error&) {
    throw Failure{"OUT_OF_MEMORY", "No thread could be started for the recogniser"};
  }
}

void Recogniser::transcribe(Request request, OnSegment onSegment, OnDone onDone) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_ && !finished_) {
      jobs_.push_back({std::move(request), std::move(onSegment), std::move(onDone), abortions_});
      wake_.notify_one();
      return;
    }
  }
  onDone(Failure{"RELEASED", "The model has been released"});
}

void Recogniser::release(std::function<void()> onReleased) {
  {
    const std::lock_guard lock(mutex_);
    abort();
    stopping_ = true;
    if (!finished_) {
      onReleased_.push_back(std::move(onReleased));
      wake_.notify_one();
      return;
    }
  }
  onReleased();
}

void Recogniser::stop() {
  {
    const std::lock_guard lock(mutex_);
    abort();
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Recogniser::run(LoadOptions options, OnLoaded onLoaded) {
  try {
    auto info = load(options);
    onLoaded(std::move(info));
    serve();
  } catch (Failure& failure) {
    onLoaded(std::move(failure));
  } catch (const std::bad_alloc&) {
    onLoaded(Failure{"OUT_OF_MEMORY", "Not enough memory for the model"});
  } catch (const std::exception& error) {
    onLoaded(Failure{"MODEL_UNREADABLE", error.what()});
  }
  finish();
}

ModelInfo Recogniser::load(const LoadOptions& options) {
  ModelFile file(options.modelPath);
  // Registers what this build has; a build with separate backends has none until they are loaded.
  if (!ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU)) {
    throw Failure{"NO_BACKEND", "No CPU backend: call loadBackends with the folder that holds them"};
  }

  const int gpus = options.useGpu ? static_cast<int>(gpuDevices().size()) : 0;
  std::optional<Failure> gpuFailure;
  if (options.useGpu && options.gpu && *options.gpu >= gpus) {
    gpuFailure = {"GPU_FAILED", "There is no GPU number " + std::to_string(*options.gpu)};
  }
  for (int gpu = 0; gpu < gpus && !context_ && !stopping_; ++gpu) {
    if (options.gpu.value_or(gpu) != gpu) continue;
    auto failure = loadOnGpu(file, options, gpu);
    if (failure && !gpuFailure) gpuFailure = std::move(failure);
  }
  if (context_) {
    gpuFailure.reset();
  } else if (!stopping_) {
    loadOnCpu(file, options);
  }
  if (stopping_) throw Failure{"ABORTED", "Loading was stopped"};

  ggml_backend_dev_t device = internals::computeDevice(context_);
  return {
      .backendKind = kindOf(device),
      .backendDevice = ggml_backend_dev_description(device),
      .gpuFailure = std::move(gpuFailure),
      .multilingual = whisper_is_multilingual(context_) != 0,
      .languages = internals::languageCount(context_),
      .type = whisper_model_type_readable(context_),
      .audioLayers = whisper_model_n_audio_layer(context_),
      .textLayers = whisper_model_n_text_layer(context_),
      .audioContext = whisper_model_n_audio_ctx(context_),
      .textContext = whisper_model_n_text_ctx(context_),
  };
}

// Answers why the GPU does not do, if so; then there is no context.
std::optional<Failure> Recogniser::loadOnGpu(ModelFile& file, const LoadOptions& options, int gpu) {
  ggml_backend_dev_t device = gpuDevices()[static_cast<size_t>(gpu)];
  const auto failure = [&](const char* code, const std::string& reason) {
    return Failure{code, ggml_backend_dev_description(device) + (": " + reason)};
  };
  auto parameters = whisper_context_default_params();
  parameters.use_gpu = true;
  parameters.gpu_device = gpu;
  parameters.flash_attn = options.flashAttention;
  auto loader = file.loader(stopping_);
  // What an exception leaves half built is not freed: that would use the device that has just failed.
  try {
    if (!hasMemory(device, memoryFor(file))) return failure("OUT_OF_MEMORY", "not enough memory on the device");
    context_ = whisper_init_with_params_no_state(&loader, parameters);
    if (!context_ || file.readFailed()) {
      whisper_free(context_);
      context_ = nullptr;
      return failure("GPU_FAILED", "the model does not load there");
    }
    // whisper.cpp goes on with the CPU when the device does not start, but the weights are on the device.
    if (internals::ensureState(context_) && internals::computeDevice(context_) == device) return {};
    whisper_free(context_);
    context_ = nullptr;
    return failure("GPU_FAILED", "it does not start, or has no memory for the working buffers");
  } catch (const std::exception& error) {
    context_ = nullptr;
    return failure("GPU_FAILED", error.what());
  }
}

void Recogniser::loadOnCpu(ModelFile& file, const LoadOptions& options) {
  requireMemory(memoryFor(file));
  auto parameters = whisper_context_default_params();
  parameters.use_gpu = false;
  parameters.flash_attn = options.flashAttention;
  auto loader = file.loader(stopping_);
  context_ = whisper_init_with_params_no_state(&loader, parameters);
  if (stopping_) return;
  if (!context_ || file.readFailed()) throw Failure{"MODEL_CORRUPT", "whisper.cpp does not accept the model"};
  if (!internals::ensureState(context_)) throw Failure{"OUT_OF_MEMORY", "Not enough memory to run the model"};
}

void Recogniser::serve() {
  while (true) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job.onDone(attempt(job));
  }
}

void Recogniser::finish() {
  std::deque<Job> jobs;
  std::vector<std::function<void()>> onReleased;
  whisper_free(context_);  // null is fine
  context_ = nullptr;
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    jobs.swap(jobs_);
    onReleased.swap(onReleased_);
  }
  for (auto& job : jobs) job.onDone(Failure{"ABORTED", "The transcription was aborted"});
  for (auto& released : onReleased) released();
}

Result<Transcript> Recogniser::attempt(Job& job) {
  const Failure outOfMemory{"OUT_OF_MEMORY", "Not enough memory to transcribe"};
  Failure failure{"INFERENCE_FAILED", "whisper.cpp failed"};
  try {
    return transcribeNow(job);
  } catch (Failure& thrown) {
    return std::move(thrown);
  } catch (const std::bad_alloc&) {
    failure = outOfMemory;
  } catch (const std::exception& error) {
    failure.message = error.what();
  }
  // The exception may have left a graph half built.
  internals::dropState(context_);
  return failure;
}

Transcript Recogniser::transcribeNow(Job& job) {
  const auto start = std::chrono::steady_clock::now();
  const Failure abortion{"ABORTED", "The transcription was aborted"};
  whisper_full_params& parameters = job.request.parameters;

  Transcript transcript;
  transcript.language = job.request.language;
  transcript.threads = parameters.n_threads;
  transcript.audioContext = parameters.audio_ctx > 0 ? parameters.audio_ctx : whisper_model_n_audio_ctx(context_);
  if (aborted(job)) throw abortion;
  if (job.request.detectOnly && job.request.language) {
    transcript.languageProbabilities = {{*job.request.language, 1.0f}};
    return transcript;
  }
  if (job.request.pcm.size() < shortestSamples) return transcript;
  if (!internals::ensureState(context_)) throw Failure{"OUT_OF_MEMORY", "Not enough memory to transcribe"};
  whisper_reset_timings(context_);

  struct Running {
    Recogniser& recogniser;
    Job& job;
  } running{*this, job};
  parameters.abort_callback = [](void* data) {
    const auto& [recogniser, job] = *static_cast<Running*>(data);
    return recogniser.aborted(job);
  };
  parameters.abort_callback_user_data = &running;
  internals::setAbortCallback(context_, parameters.abort_callback, &running);
  if (job.onSegment) {
    parameters.new_segment_callback = [](whisper_context* context, whisper_state*, int newSegments, void* data) {
      const auto& [recogniser, job] = *static_cast<Running*>(data);
      const int segments = whisper_full_n_segments(context);
      for (int i = segments - newSegments; i < segments && !recogniser.aborted(job); ++i) job.onSegment(readSegment(context, i));
    };
    parameters.new_segment_callback_user_data = &running;
  }
  if (!job.request.prompt.empty()) parameters.initial_prompt = job.request.prompt.c_str();

  int status = job.request.language ? 0 : detectLanguage(job, transcript);
  if (status == 0 && !job.request.detectOnly) {
    parameters.language = transcript.language->c_str();
    // Without samples whisper_full takes the spectrogram that detection has made of them already.
    // The estimate of token times is what else it needs them for.
    const bool haveSpectrogram = !job.request.language && !parameters.token_timestamps;
    status = whisper_full(context_, parameters, job.request.pcm.data(), haveSpectrogram ? 0 : static_cast<int>(job.request.pcm.size()));
  }
  constexpr int noKvCache = -7;
  if (status == noKvCache) {
    internals::forgetFreedState(context_);
    throw Failure{"OUT_OF_MEMORY", "Not enough memory to transcribe"};
  }
  internals::setAbortCallback(context_, nullptr, nullptr);
  if (aborted(job)) throw abortion;
  if (status != 0) throw Failure{"INFERENCE_FAILED", "whisper.cpp failed with status " + std::to_string(status)};
  if (job.request.detectOnly) return transcript;  // the context still has the segments of the last transcription

  std::string text;
  for (int i = 0, n = whisper_full_n_segments(context_); i < n; ++i) {
    transcript.segments.push_back(readSegment(context_, i));
    text += transcript.segments.back().text;
  }
  transcript.text = trimmed(text);
  const auto timings = internals::timings(context_);
  transcript.encodeMs = static_cast<double>(timings.encodeUs) / 1000;
  transcript.decodeMs = static_cast<double>(timings.decodeUs) / 1000;
  transcript.totalMs = msSince(start);
  return transcript;
}

// whisper_full can detect the language itself, but neither among candidates nor with an abort, and it would
// do so with the last call's audio context. Costs an encoder run, as there.
int Recogniser::detectLanguage(Job& job, Transcript& transcript) {
  const int threads = job.request.parameters.n_threads;
  const auto& pcm = job.request.pcm;
  if (whisper_pcm_to_mel(context_, pcm.data(), static_cast<int>(pcm.size()), threads) != 0) return -2;
  internals::setAudioContext(context_, job.request.detectOnly ? job.request.parameters.audio_ctx : 0);
  std::vector<float> probabilities(static_cast<size_t>(whisper_lang_max_id()) + 1);
  if (whisper_lang_auto_detect(context_, 0, threads, probabilities.data()) < 0) return -3;

  std::vector<int> candidates = job.request.candidateLanguages;
  if (candidates.empty()) {
    for (int id = 0; id < internals::languageCount(context_) && id <= whisper_lang_max_id(); ++id) candidates.push_back(id);
  }
  const int best = *std::max_element(candidates.begin(), candidates.end(),
                                     [&](int a, int b) { return probabilities[a] < probabilities[b]; });
  transcript.language = whisper_lang_str(best);
  transcript.languageProbabilities.emplace();
  for (const int id : candidates) transcript.languageProbabilities->emplace_back(whisper_lang_str(id), probabilities[id]);
  return 0;
}

}  // namespace botchat
