// What ggml-cpu wants of Windows 10 and mingw-w64 10 does not declare. Included before everything by mingw-w64.cmake.
// The values are those of Microsoft's processthreadsapi.h.
#pragma once

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#ifndef THREAD_POWER_THROTTLING_CURRENT_VERSION
#define THREAD_POWER_THROTTLING_CURRENT_VERSION 1
#define THREAD_POWER_THROTTLING_EXECUTION_SPEED 0x1
typedef struct {
  ULONG Version;
  ULONG ControlMask;
  ULONG StateMask;
} THREAD_POWER_THROTTLING_STATE;
// A macro, for the enumeration that it belongs to is closed.
#define ThreadPowerThrottling ((THREAD_INFORMATION_CLASS)3)
#endif
