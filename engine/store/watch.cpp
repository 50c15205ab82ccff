#include "engine/store/watch.hpp"

#include <sys/stat.h>

#include "engine/store/database.hpp"

namespace zoneval::store {

Watch::Watch(std::string path, std::chrono::milliseconds wait) : path_(std::move(path)), wait_(wait) { state(); }
Watch::~Watch() = default;

std::int64_t Watch::state() {
    struct stat file {};
    if (::stat(path_.c_str(), &file) != 0) {
        database_.reset();
        refuse_store(Kind::store_error, path_, "there is no such store",
                     "check the path, or make the store with `zoneval import`");
    }
    if (!database_ || file.st_dev != device_ || file.st_ino != inode_) {
        database_.reset();
        database_ = std::make_unique<Database>(path_, Database::Create::no, wait_);
        device_ = file.st_dev;
        inode_ = file.st_ino;
        seen_ = -1;
    }
    // SQLite's own number for a connection: another one whenever somebody else has committed.
    if (const auto version = database_->pragma("data_version"); version != seen_) {
        seen_ = version;
        ++count_;
    }
    return count_;
}

}  // namespace zoneval::store
