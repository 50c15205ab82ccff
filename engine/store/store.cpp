#include "engine/store/store.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "engine/store/impl.hpp"
#include "engine/store/schema.hpp"

namespace zoneval::store {

namespace {

/// What keeps a path from being opened as an existing store, before SQLite says it less well.
void refuse_missing(const std::string& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (!std::filesystem::exists(path, error))
        refuse_store(Kind::store_error, path, "there is no such store",
                     "check the path, or make the store with `zoneval import`");
    if (size == 0 && std::filesystem::is_regular_file(path, error))
        refuse_store(Kind::not_a_store, path, "the file is empty", "name a store made by `zoneval import`");
}

}  // namespace

Store::Store(const std::string& path, Mode mode) {
    if (mode == Mode::must_exist) refuse_missing(path);
    impl_ = std::make_unique<Impl>(path, mode == Mode::must_exist ? Database::Create::no : Database::Create::yes);
    open_store(impl_->database);
}

Store::~Store() = default;
Store::Store(Store&&) noexcept = default;

std::string now_utc() { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr))); }

std::string user_name() {
    if (const auto* entry = getpwuid(geteuid())) return entry->pw_name;
    const char* name = std::getenv("USER");
    return name ? name : "unknown";
}

void fail_damaged(const Database& database, std::int64_t revision, const std::string& detail) {
    refuse_store(Kind::store_error, database.path(),
                 fmt::format("revision {} of the store has been altered or is damaged ({})", revision, detail),
                 "restore the file from a copy");
}

}  // namespace zoneval::store
