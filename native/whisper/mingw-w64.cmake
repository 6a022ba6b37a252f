# Builds for Windows on another system, with Debian's g++-mingw-w64-x86-64-posix: for tests under wine
# (scripts/windows). What is shipped to learners is built on Windows, with Microsoft's compiler.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_DLLTOOL x86_64-w64-mingw32-dlltool)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
# Windows 10, and the names that mingw-w64 10 does not know of it yet.
set(CMAKE_C_FLAGS_INIT "-D_WIN32_WINNT=0x0A00 -include ${CMAKE_CURRENT_LIST_DIR}/src/mingw-compat.h")
set(CMAKE_CXX_FLAGS_INIT "${CMAKE_C_FLAGS_INIT}")
