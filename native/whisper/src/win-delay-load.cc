// Node-API is imported from "node.exe", but the host is Electron, BotChat.exe or whatever node was renamed
// to: whoever is asked for node.exe gets the running executable.
#include <windows.h>

#include <delayimp.h>
#include <string.h>

static FARPROC WINAPI useHost(unsigned event, DelayLoadInfo* info) {
  if (event != dliNotePreLoadLibrary || _stricmp(info->szDll, "node.exe") != 0) return nullptr;
  return reinterpret_cast<FARPROC>(GetModuleHandleW(nullptr));
}

extern "C" const PfnDliHook __pfnDliNotifyHook2 = useHost;
