// Included before ggml-vulkan.cpp (CMakeLists.txt). Vulkan headers before 1.3.272, such as Debian 12's, lack the types
// of VK_EXT_layer_settings. ggml names them in every build but means them for its validation layer alone, which this
// build does not ask for; a driver skips what it does not know in a chain of structures.
// To be removed when Debian 12 is no longer built on.
#pragma once

#include <vulkan/vulkan_core.h>

#ifndef VK_EXT_layer_settings
#include <cstdint>
#include <vector>

namespace vk {

enum class LayerSettingTypeEXT : int32_t { eBool32 = 0 };

struct LayerSettingEXT {
  const char* pLayerName;
  const char* pSettingName;
  LayerSettingTypeEXT type;
  uint32_t valueCount;
  const void* pValues;
};

struct LayerSettingsCreateInfoEXT {
  explicit LayerSettingsCreateInfoEXT(const std::vector<LayerSettingEXT>& settings)
      : settingCount(static_cast<uint32_t>(settings.size())), pSettings(settings.data()) {}
  VkStructureType sType = static_cast<VkStructureType>(1000496000);  // VK_STRUCTURE_TYPE_LAYER_SETTINGS_CREATE_INFO_EXT
  const void* pNext = nullptr;
  uint32_t settingCount;
  const LayerSettingEXT* pSettings;
};

}  // namespace vk
#endif
