# Everything comes from Debian 12's own packages (docs/dependencies.md says why each is here);
# script/setup installs them.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED)          # headers: Spirit X3
find_package(yaml-cpp REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(date REQUIRED)                # date::date-tz: IANA time zones
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(EXPAT REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip)
pkg_check_modules(XLSXWRITER REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)

# Intel's decimal library has no CMake package. The variant 000 passes values, rounding mode and
# flags as arguments: no global state, so it is safe with threads.
find_path(BID_INCLUDE_DIR bid_functions.h REQUIRED)
find_library(BID_LIBRARY bidgcc000 REQUIRED)
add_library(bid INTERFACE)
target_include_directories(bid SYSTEM INTERFACE ${BID_INCLUDE_DIR})
target_link_libraries(bid INTERFACE ${BID_LIBRARY})

# Nor has libunistring: capitals and small letters of every script.
find_path(UNISTRING_INCLUDE_DIR unicase.h REQUIRED)
find_library(UNISTRING_LIBRARY unistring REQUIRED)
add_library(unistring INTERFACE)
target_include_directories(unistring SYSTEM INTERFACE ${UNISTRING_INCLUDE_DIR})
target_link_libraries(unistring INTERFACE ${UNISTRING_LIBRARY})
