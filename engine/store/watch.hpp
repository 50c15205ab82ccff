// Whether a store is still what it was when somebody last looked.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace zoneval::store {

class Database;

class Watch {
  public:
    /// Throws StoreError where there is no file, and where others keep it longer than `wait`.
    Watch(std::string path, std::chrono::milliseconds wait);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// Another number after whatever was committed to the file, or when another file has taken its place.
    std::int64_t state();

  private:
    std::string path_;
    std::chrono::milliseconds wait_;
    std::unique_ptr<Database> database_;
    std::uint64_t device_ = 0, inode_ = 0;
    std::int64_t seen_ = -1, count_ = 0;
};

}  // namespace zoneval::store
