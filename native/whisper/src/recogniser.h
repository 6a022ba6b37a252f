#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "failure.h"
#include "model-file.h"
#include "transcript.h"
#include "whisper.h"

namespace botchat {

struct LoadOptions {
  std::string modelPath;  // UTF-8
  bool useGpu = true;
  std::optional<int> gpu;  // as whisper.cpp counts them; none: whichever works, in their order
  bool flashAttention = true;
};

struct ModelInfo {
  std::string backendKind, backendDevice;
  std::optional<Failure> gpuFailure;  // why no GPU computes although one was wanted
  bool multilingual;
  int languages;  // ids from 0 up to here
  std::string type;
  int audioLayers, textLayers, audioContext, textContext;
};

struct Request {
  Request();
  bool detectOnly = false;  // only the language: the transcript has its probabilities and no text
  std::vector<float> pcm;  // 16 kHz mono
  std::optional<std::string> language;  // none: detect it
  std::vector<int> candidateLanguages;  // ids; empty: all
  std::string prompt;
  whisper_full_params parameters;  // its pointers are filled in when it runs
};

template <typename T>
using Result = std::variant<T, Failure>;

// One loaded model and the thread that owns it: everything from loading to freeing happens there, one
// request after another, in order. The same thread throughout, because OpenMP keeps a team of threads per
// calling thread, and CUDA a context.
//
// Knows nothing of JS. Callbacks are called on the worker thread; each request's onDone exactly once.
class Recogniser {
 public:
  using OnLoaded = std::function<void(Result<ModelInfo>)>;
  using OnSegment = std::function<void(Segment)>;
  using OnDone = std::function<void(Result<Transcript>)>;

  Recogniser(LoadOptions options, OnLoaded onLoaded);
  ~Recogniser() { stop(); }
  Recogniser(const Recogniser&) = delete;
  Recogniser& operator=(const Recogniser&) = delete;

  void transcribe(Request request, OnSegment onSegment, OnDone onDone);

  // The running request and the waiting ones fail with ABORTED; later ones are not concerned.
  void abort() { ++abortions_; }

  // Aborts, frees the model, then calls `onReleased`. Requests that come later fail with RELEASED.
  void release(std::function<void()> onReleased);

  // Aborts, frees, and waits for the thread's end. Loading stops soon, too. From one thread only.
  void stop();

 private:
  struct Job {
    Request request;
    OnSegment onSegment;
    OnDone onDone;
    uint64_t abortions;  // how many there had been when the job came
  };

  void run(LoadOptions options, OnLoaded onLoaded);
  ModelInfo load(const LoadOptions& options);
  std::optional<Failure> loadOnGpu(ModelFile& file, const LoadOptions& options, int gpu);
  void loadOnCpu(ModelFile& file, const LoadOptions& options);
  void serve();
  void finish();
  Result<Transcript> attempt(Job& job);
  Transcript transcribeNow(Job& job);
  int detectLanguage(Job& job, Transcript& transcript);
  bool aborted(const Job& job) const { return abortions_ != job.abortions; }

  whisper_context* context_ = nullptr;  // the worker's alone

  std::atomic<uint64_t> abortions_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::deque<Job> jobs_;
  std::vector<std::function<void()>> onReleased_;
  bool finished_ = false;  // the worker takes nothing any more

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace botchat
