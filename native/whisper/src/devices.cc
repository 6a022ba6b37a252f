#include "devices.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

#ifdef BOTCHAT_BACKEND_DL
#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
#else
#include <dlfcn.h>
#endif
#endif

namespace botchat {
namespace {

bool isGpu(ggml_backend_dev_t device) {
  const auto type = ggml_backend_dev_type(device);
  return type == GGML_BACKEND_DEVICE_TYPE_GPU || type == GGML_BACKEND_DEVICE_TYPE_IGPU;
}

Device describe(ggml_backend_dev_t device, std::optional<int> gpu) {
  size_t free = 0, total = 0;
  try {
    ggml_backend_dev_memory(device, &free, &total);
  } catch (const std::exception&) {
    free = total = 0;  // a driver that fails here may still compute; loading a model will tell
  }
  return {kindOf(device), ggml_backend_dev_description(device), gpu, total, free};
}

#ifdef BOTCHAT_BACKEND_DL
namespace fs = std::filesystem;

#ifdef _WIN32
const std::string prefix = "ggml-", suffix = ".dll";
#else
const std::string prefix = "libggml-", suffix = ".so";
#endif

// Answers why not, if it does not load: what ggml says to its log, "load_backend: failed to load FILE: REASON".
std::optional<std::string> loadBackend(const fs::path& library) {
  ggml_log_callback logger = nullptr;
  void* data = nullptr;
  ggml_log_get(&logger, &data);
  std::string said;
  ggml_log_set([](ggml_log_level level, const char* text, void* into) {
    if (level == GGML_LOG_LEVEL_ERROR) *static_cast<std::string*>(into) += text;
  }, &said);
  const auto file = library.u8string();
  const bool loaded = ggml_backend_load(reinterpret_cast<const char*>(file.c_str())) != nullptr;
  ggml_log_set(logger, data);
  if (loaded) return {};

  while (!said.empty() && said.back() == '\n') said.pop_back();
  const auto start = said.find(": ");
  return start == std::string::npos ? "its driver does not start" : said.substr(start + 2);
}

// How well a CPU library suits this processor, by its own word; 0: not at all.
int scoreOf(const fs::path& library) {
#ifdef _WIN32
  const UINT mode = SetErrorMode(SEM_FAILCRITICALERRORS);  // no dialog about a missing library
  const HMODULE module = LoadLibraryW(library.c_str());
  SetErrorMode(mode);
  void* const symbol = module ? reinterpret_cast<void*>(GetProcAddress(module, "ggml_backend_score")) : nullptr;
#else
  void* const module = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* const symbol = module ? dlsym(module, "ggml_backend_score") : nullptr;
#endif
  if (!module) return 0;
  const int score = symbol ? reinterpret_cast<int (*)()>(symbol)() : 1;
#ifdef _WIN32
  FreeLibrary(module);
#else
  dlclose(module);
#endif
  return score;
}

std::optional<fs::path> bestCpuLibrary(const fs::path& directory) {
  std::optional<fs::path> best;
  int bestScore = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(prefix + "cpu") || !name.ends_with(suffix)) continue;
    if (const int score = scoreOf(entry.path()); score > bestScore) {
      bestScore = score;
      best = entry.path();
    }
  }
  return best;
}
#endif

}  // namespace

std::vector<UnusedBackend> loadBackends([[maybe_unused]] const std::string& directory, [[maybe_unused]] bool gpu) {
  std::vector<UnusedBackend> unused;
#ifdef BOTCHAT_BACKEND_DL
  // Not ggml_backend_load_all_from_path: it starts every GPU's driver, and keeps to itself why one does not load.
  const fs::path folder(std::u8string(directory.begin(), directory.end()));
  if (!fs::exists(folder)) return unused;
  for (const std::string kind : {"cuda", "vulkan"}) {
    const auto library = folder / (prefix + kind + suffix);
    if (!gpu || !fs::exists(library)) continue;
    if (auto reason = loadBackend(library)) {
      unused.push_back({kind, std::move(*reason)});
    } else if (ggml_backend_reg_dev_count(ggml_backend_reg_by_name(kind.c_str())) == 0) {
      unused.push_back({kind, "it finds no device"});
    }
  }
  if (const auto library = bestCpuLibrary(folder)) (void)loadBackend(*library);
#endif
  return unused;
}

std::string kindOf(ggml_backend_dev_t device) {
  std::string name = ggml_backend_reg_name(ggml_backend_dev_backend_reg(device));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name == "mtl") return "metal";
  return name == "cpu" || name == "cuda" || name == "vulkan" || name == "metal" ? name : "other";
}

std::vector<ggml_backend_dev_t> gpuDevices() {
  std::vector<ggml_backend_dev_t> gpus;
  for (size_t i = 0; i < ggml_backend_dev_count(); ++i) {
    if (const auto device = ggml_backend_dev_get(i); isGpu(device)) gpus.push_back(device);
  }
  return gpus;
}

std::vector<Device> computeDevices() {
  std::vector<Device> devices;
  for (const auto gpu : gpuDevices()) devices.push_back(describe(gpu, static_cast<int>(devices.size())));
  if (const auto cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU)) devices.push_back(describe(cpu, {}));
  return devices;
}

Napi::Object toJs(Napi::Env env, const UnusedBackend& backend) {
  auto object = Napi::Object::New(env);
  object.Set("kind", backend.kind);
  object.Set("reason", backend.reason);
  return object;
}

Napi::Object toJs(Napi::Env env, const Device& device) {
  auto object = Napi::Object::New(env);
  object.Set("kind", device.kind);
  object.Set("name", device.name);
  object.Set("gpuDevice", device.gpu ? Napi::Value(Napi::Number::New(env, *device.gpu)) : env.Null());
  object.Set("totalMemoryBytes", static_cast<double>(device.totalMemoryBytes));
  object.Set("freeMemoryBytes", static_cast<double>(device.freeMemoryBytes));
  return object;
}

}  // namespace botchat
