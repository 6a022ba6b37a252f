#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ggml-backend.h"

namespace botchat {

// A backend whose library lies in the folder, but which can compute nothing here.
struct UnusedBackend {
  std::string kind, reason;
};

// Loads ggml's backend libraries from a folder (UTF-8): CUDA before Vulkan (neither, without `gpu`: no driver is
// started then) before the best CPU variant, which is also the order of their devices. A library that does not load is
// passed over. May be called again. Throws std::filesystem::filesystem_error where the folder cannot be read.
std::vector<UnusedBackend> loadBackends(const std::string& directory, bool gpu);

// 'cpu', 'cuda', 'vulkan', 'metal' or 'other'.
std::string kindOf(ggml_backend_dev_t device);

struct Device {
  std::string kind, name;
  std::optional<int> gpu;  // as whisper.cpp counts GPUs; none: not a GPU
  uint64_t totalMemoryBytes, freeMemoryBytes;  // 0 where the driver does not say
};

// What can compute, of the backends that are built in or loaded. The index of a GPU is its `gpu`.
std::vector<ggml_backend_dev_t> gpuDevices();
std::vector<Device> computeDevices();

Napi::Object toJs(Napi::Env env, const UnusedBackend& backend);
Napi::Object toJs(Napi::Env env, const Device& device);

}  // namespace botchat
